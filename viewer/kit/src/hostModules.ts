/**
 * Packages of a prebuilt viewer for its plugins, which must share the viewer's React, cornerstone and
 * services with their caches and state. An OHIF with run-time plugins (the contract of 3.14) shares them
 * itself; in others they are found in its build.
 */

import {
  extensionImport,
  type HostBuild,
  type HostModule,
  membersOfDefault,
  moduleIdOf,
  readHostBuild,
  readModule,
} from './hostBuild';
import { UserError } from './userError';

/** Versions of OHIF whose prebuilt `dist` was tried. */
export const TRIED_VERSIONS = ['3.12.10', '3.13.2', '3.14.0-beta.6'];

/** Source file in the build's comments; null for plugins that the build imports by name. */
const SHARED_PACKAGES: Record<string, { source: string | null; required: boolean }> = {
  react: { source: '../../../node_modules/react/index.js', required: true },
  'react/jsx-runtime': { source: '../../../node_modules/react/jsx-runtime.js', required: true },
  'react-dom': { source: '../../../node_modules/react-dom/index.js', required: true },
  '@ohif/core': { source: '../../core/src/index.ts', required: true },
  '@ohif/ui-next': { source: '../../ui-next/src/index.ts', required: true },
  '@ohif/i18n': { source: '../../i18n/src/index.js', required: true },
  '@ohif/extension-default': { source: null, required: true },
  '@ohif/extension-cornerstone': { source: null, required: true },
  '@cornerstonejs/core': {
    source: '../../../node_modules/@cornerstonejs/core/dist/esm/index.js',
    required: true,
  },
  '@cornerstonejs/tools': {
    source: '../../../node_modules/@cornerstonejs/tools/dist/esm/index.js',
    required: true,
  },
  dcmjs: { source: '../../../node_modules/dcmjs/build/dcmjs.es.js', required: true },
  'gl-matrix': { source: '../../../node_modules/gl-matrix/esm/index.js', required: false },
};

/** Where a package is in the running build. */
export interface SharedModule {
  id: number;
  /** Public export name -> key on the module; null for a CommonJS module, which is its own default export. */
  exports: Record<string, string> | null;
  /** Further public names, members of the default export. */
  members: string[];
}

/** What a viewer offers to plugins. */
export interface Host {
  /** Name of the global list onto which chunks are pushed. */
  chunkList: string;
  /** Chunks to load before the modules are available. */
  chunks: number[];
  /** By package name; null where the viewer shares its packages itself. */
  modules: Record<string, SharedModule> | null;
  /** Number of the chunk that runs in the worker which decodes compressed images. */
  decoder: number | null;
  /** The app config may customize the panels of a mode (OHIF 3.13); else it configures the mode itself. */
  customizesModes: boolean;
}

/**
 * Reads what a viewer on disk offers.
 * @throws UserError with the reason, and the versions that work
 */
export function readHost(dist: string): Host {
  const build = readBuild(dist);
  const [main] = build.sources;
  const { chunkList, chunks } = build;
  const customizesModes = main.includes('applyModeCustomizations');
  // The main file starts one worker: the image loader's.
  const worker = /new Worker\(new URL\(.*?__webpack_require__\.u\((\d+)\)/.exec(main)?.[1];
  const decoder = worker === undefined ? null : Number(worker);
  // The function by which OHIF tells a declared plugin from a name.
  if (main.includes('isRuntimeDescriptor'))
    return { chunkList, chunks: [], modules: null, decoder, customizesModes };

  const modules: Record<string, SharedModule> = {};
  const missing: string[] = [];
  for (const [name, { source, required }] of Object.entries(SHARED_PACKAGES)) {
    const id = source ? moduleIdOf(build, source) : extensionImport(main, name)?.id;
    const module = id === undefined ? undefined : readModule(build, id);
    if (module) modules[name] = sharedModule(module, name === '@ohif/core' ? membersOfDefault(build) : []);
    else if (required) missing.push(name);
  }
  if (missing.length) throw cannotServe(dist, `no ${missing.join(', ')} was found in its build`);
  return { chunkList, chunks, modules, decoder, customizesModes };
}

/** @param members further exports, members of the module's default export */
export function sharedModule({ id, kind, exports }: HostModule, members: readonly string[]): SharedModule {
  if (kind === 'commonjs') return { id, exports: null, members: [] };
  return { id, exports, members: exports.default ? members.filter(name => !(name in exports)) : [] };
}

function readBuild(dist: string): HostBuild {
  try {
    return readHostBuild(dist);
  } catch (cause) {
    throw cannotServe(dist, cause instanceof Error ? cause.message : String(cause));
  }
}

const cannotServe = (dist: string, reason: string) =>
  new UserError(
    `The viewer in ${dist} cannot take the extension: ${reason}. Tried and working are the prebuilt OHIF ` +
      `${TRIED_VERSIONS.join(', ')}, and builds of the same form.`,
  );
