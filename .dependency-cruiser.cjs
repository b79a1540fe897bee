// The import rule of the house (docs/architecture.md): ui -> session -> engine; ohif implements what session
// asks for; inside the engine {methods/<id>, domains/<id>} -> {inference, volume, bundle}, registration ->
// volume, series -> {dicom, volume} and dicom -> volume; only web/ and node/ import a runtime. What is
// different in another domain comes from domains/index.ts.
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
      // The codecs are plain WebAssembly builds of CharLS and OpenJPEG: they know no viewer.
      path: '^(extension|mode|viewer|tests)/|@ohif/|@cornerstonejs/(?!codec-)|node_modules/react',
    }),
    forbid(
      'one-runtime-border',
      'Only backends/ imports a runtime; inference/ort knows onnxruntime by its types.',
      '^engine/src/(?!backends/)',
      { path: 'onnxruntime', dependencyTypesNot: ['type-only'] },
    ),
    forbid('edges-are-outside', 'Only web/ and node/ know web/ and node/.', '^engine/src/(?!web/|node/)', {
      path: '^engine/src/(web|node)/',
    }),
    forbid('backends-imports', 'backends -> inference, bundle.', '^engine/src/backends/', {
      path: '^engine/src/(?!backends/|inference/|bundle/|progress|errors|messages/)',
      dependencyTypesNot: ['type-only'],
    }),
    forbid(
      'one-conductor',
      'The pipeline conducts a job; it knows no backend and no edge.',
      '^engine/src/pipeline/',
      {
        path: '^engine/src/(web|node)/|^engine/src/backends/(?!Backend|Networks)',
      },
    ),
    forbid(
      'codecs-are-for-files',
      'Only node/ and dicom/node/ read files and decode pixels: the viewer has its own decoders.',
      '^(engine/src/(?!node/|dicom/node/)|extension/|mode/)',
      {
        path: '^engine/src/dicom/node/|@cornerstonejs/codec-|jpeg-lossless-decoder-js|^node:',
      },
    ),
    forbid(
      'one-dicom-reader',
      'The engine reads and writes DICOM for all; the viewer only makes files for tests.',
      '^(extension|mode|viewer)/(?!src/syntheticDicom)',
      { path: 'node_modules/dcmjs/' },
    ),
    forbid('web-or-node', 'The browser never sees node/.', '^engine/src/web/', { path: '^engine/src/node/' }),
    forbid(
      'method-imports',
      'methods/<id> -> methods/Method, inference, volume, bundle.',
      '^engine/src/methods/([^/]+)/',
      {
        path: '^engine/src/(?!methods/$1/|methods/Method|inference/|volume/|bundle/|domains/Role|errors|messages/)',
      },
    ),
    forbid(
      'one-line-a-method',
      'Only methods/index.ts knows the methods.',
      '^(?!engine/src/methods/(index[.]ts|[^/]+/))',
      { path: '^engine/src/methods/[^/]+/' },
    ),
    forbid(
      'domain-imports',
      'domains/<id> -> inference, volume, bundle, registration, dicom and the facts of the preflight.',
      '^engine/src/domains/([^/]+)/',
      {
        path: '^engine/src/(?!domains/($1/|[A-Z])|inference/|volume/|bundle/|registration/overlap|progress|errors|messages/)',
        pathNot: '^engine/src/(dicom/synthetic|preflight/(facts|report|regionCoverage))',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'one-line-a-domain',
      'Only domains/index.ts knows the domains.',
      '^(?!engine/src/domains/(index[.]ts|[^/]+/))',
      { path: '^engine/src/domains/[^/]+/' },
    ),
    forbid('registration-imports', 'registration -> volume.', '^engine/src/registration/', {
      path: '^engine/src/(?!registration/|volume/|domains/[A-Z]|inference/mulberry32|progress|errors|messages/)',
      dependencyTypesNot: ['type-only'],
    }),
    forbid('dicom-is-a-leaf', 'dicom -> volume; of the others it knows types.', '^engine/src/dicom/', {
      path: '^engine/src/(?!dicom/|volume/|domains/[A-Z]|sha256|errors|messages/)',
      dependencyTypesNot: ['type-only'],
    }),
    forbid('dicomweb-is-a-leaf', 'dicomweb knows archives, nothing else.', '^engine/src/dicomweb/', {
      path: '^engine/src/(?!dicomweb/)',
    }),
    forbid('series-imports', 'series -> dicom, volume.', '^engine/src/series/', {
      path: '^engine/src/(?!series/|dicom/|domains/[A-Zi]|volume/|errors|messages/)',
      dependencyTypesNot: ['type-only'],
    }),
    forbid(
      'preflight-decides',
      'preflight judges facts: it runs and reads nothing.',
      '^engine/src/preflight/',
      {
        path: '^engine/src/(web|node|inference|dicom|series)/',
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
    forbid(
      'helpers-are-for-tests',
      'The product uses no helper of the tests.',
      '^(engine|fleet|extension|mode|viewer)/',
      {
        path: '/testing/|\\.test\\.tsx?$',
      },
    ),
    {
      name: 'unit-tests-are-light',
      comment: 'What runs networks or other programs is an integration test (*.integration.test.ts).',
      severity: 'error',
      from: { path: '\\.test\\.tsx?$', pathNot: '\\.integration\\.test\\.ts$' },
      to: {
        path: 'onnxruntime-|^(node:)?child_process$|^viewer/src/orthanc',
        pathNot: '[.]d[.]ts$',
        reachable: true,
      },
    },
    forbid(
      'fleet-is-a-client',
      'The fleet knows the engine by what it exports; nobody knows the fleet.',
      '^fleet/',
      {
        path: '^(extension|mode|viewer|tests)/',
      },
    ),
    forbid('nobody-knows-the-fleet', 'Its queue stays out of what runs alone.', '^(?!fleet/|tests/)', {
      path: '^fleet/|node_modules/(bullmq|ioredis)/',
    }),
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
