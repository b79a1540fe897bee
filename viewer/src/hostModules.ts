/**
 * The packages which OHIF shares with its plugins, taken out of the prebuilt viewer.
 *
 * Plugins must use the viewer's own React, cornerstone and services: a second copy would have its own caches and state.
 * OHIF 3.14 hands them over itself; for 3.13 this module makes small ES modules that reach into the running build, and
 * the import map that lets the plugins find them by package name.
 */
import {
  extensionImport,
  type HostModule,
  membersOfDefault,
  moduleIdOf,
  readHostBuild,
  readModule,
} from './hostBuild';
import { UserError } from './userError';

/** Source file in the build's comments, or null for plugins which the build imports by name. */
const SHARED_PACKAGES: Record<string, { source: string | null; required: boolean }> = {
  react: { source: '../../../node_modules/react/index.js', required: true },
  'react/jsx-runtime': { source: '../../../node_modules/react/jsx-runtime.js', required: true },
  'react-dom': { source: '../../../node_modules/react-dom/index.js', required: true },
  '@ohif/core': { source: '../../core/src/index.ts', required: true },
  '@ohif/ui-next': { source: '../../ui-next/src/index.ts', required: true },
  '@ohif/i18n': { source: '../../i18n/src/index.js', required: false },
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

/** ES modules to serve, and where a page finds them. */
export interface HostShims {
  /** Package name -> URL path, for the page's import map. */
  imports: Record<string, string>;
  /** URL path -> JavaScript. */
  sources: Record<string, string>;
}

const RUNTIME_URL = '/host/runtime.mjs';

/**
 * Makes the shims for a viewer on disk.
 * @throws UserError naming every required package that the build does not have
 */
export function makeHostShims(dist: string): HostShims {
  const build = readHostBuild(dist);
  const shims: HostShims = { imports: {}, sources: { [RUNTIME_URL]: runtimeSource(build.chunks) } };
  const missing: string[] = [];
  for (const [name, { source, required }] of Object.entries(SHARED_PACKAGES)) {
    const id = source ? moduleIdOf(build, source) : extensionImport(build.sources[0] ?? '', name)?.id;
    const module = id === undefined ? undefined : readModule(build, id);
    if (!module) {
      if (required) missing.push(name);
      continue;
    }
    const url = `/host/${name.replace('@', '').replaceAll('/', '__')}.mjs`;
    shims.imports[name] = url;
    shims.sources[url] = shimSource(module, name === '@ohif/core' ? membersOfDefault(build) : []);
  }
  if (missing.length) {
    throw new UserError(
      `The OHIF build in ${dist} has no ${missing.join(', ')}: it is not a version we can load plugins into.`,
    );
  }
  return shims;
}

/**
 * JavaScript of the ES module which stands for one package.
 * @param membersOfDefault further names to offer, taken from the module's default export
 */
export function shimSource(module: HostModule, membersOfDefault: readonly string[] = []): string {
  const lines = [
    `import { requireHost } from '${RUNTIME_URL}';`,
    `const host = await requireHost(${module.id});`,
  ];
  const { default: defaultKey, ...named } = module.exports;
  if (module.kind === 'commonjs') lines.push('export default host;');
  else if (defaultKey)
    lines.push(`const fallback = host[${JSON.stringify(defaultKey)}];`, 'export default fallback;');
  for (const [name, key] of Object.entries(named))
    lines.push(`export const ${name} = host[${JSON.stringify(key)}];`);
  if (defaultKey) {
    for (const name of membersOfDefault)
      if (!(name in named)) lines.push(`export const ${name} = fallback[${JSON.stringify(name)}];`);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * JavaScript which gets hold of the running build's own `require`.
 *
 * A chunk pushed onto the build's chunk list is handed that function: the documented way in which chunks are loaded.
 */
function runtimeSource(chunks: readonly number[]): string {
  return `let host;
globalThis.rspackChunk.push([['modality-synthesis-host'], {}, hostRequire => { host = hostRequire; }]);
const ready = Promise.all(${JSON.stringify(chunks)}.map(chunk => host.e(chunk)));
export async function requireHost(id) {
  await ready;
  return host(id);
}
`;
}
