// The import rule of the house (docs/architecture.md): ui -> session -> engine; ohif implements what session
// asks for; inside the engine cdm -> {inference, volume, bundle}; only web/ and node/ import a runtime.
const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.tsx?$|/testing/' },
  to,
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    forbid('engine-is-pure', 'The engine knows no viewer, no React and no other workspace.', '^engine/src', {
      path: '^(extension|mode|viewer|tests)/|@ohif/|@cornerstonejs/|node_modules/react',
    }),
    forbid('one-runtime-border', 'Only web/ and node/ import a runtime.', '^engine/src/(?!web/|node/)', {
      path: 'onnxruntime|^engine/src/(web|node)/',
    }),
    forbid('cdm-imports', 'cdm -> inference, volume, bundle.', '^engine/src/cdm/', {
      path: '^engine/src/(?!cdm/|inference/|volume/|bundle/|contrast/Contrast|progress|errors)',
    }),
    forbid(
      'leaves',
      'dicom and contrast know nothing of the others but types.',
      '^engine/src/(dicom|contrast)/',
      {
        path: '^engine/src/(cdm|inference|volume|bundle|web|node)/',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid('volume-is-a-leaf', 'volume knows only volumes.', '^engine/src/volume/', {
      path: '^engine/src/(?!volume/|errors)',
    }),
    forbid(
      'session-is-ui-free',
      'session asks interfaces; it knows neither the viewer nor React.',
      '^extension/src/session/',
      {
        path: '^extension/src/(ui|ohif)/|@ohif/|@cornerstonejs/|node_modules/react',
      },
    ),
    forbid('ui-asks-session', 'The panel talks to the session, not to the viewer.', '^extension/src/ui/', {
      path: '^extension/src/ohif/|@cornerstonejs/',
    }),
    forbid(
      'viewer-only-in-ohif',
      'Only ohif/ and the module getters touch the viewer.',
      '^extension/src/(session|ui)/',
      {
        path: '@cornerstonejs/|@ohif/(?!ui-next)',
      },
    ),
    forbid('mode-is-a-preset', 'The mode imports nothing of ours.', '^mode/src', {
      path: '^(engine|extension|viewer)/',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(extension|mode)/(dist|public)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
