/**
 * Packages of the prebuilt viewer for its plugins, which must share the viewer's React, cornerstone and
 * services with their caches and state. OHIF 3.14 shares them itself; for 3.13 this file generates ES modules
 * that re-export from the running build, and an import map with their package names.
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

/** Source file in the build's comments; null for plugins that the build imports by name. */
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

/** ES modules to serve, and their addresses. */
export interface HostShims {
  /** Package name -> URL path, for the page's import map. */
  imports: Record<string, string>;
  /** URL path -> JavaScript. */
  sources: Record<string, string>;
}

const RUNTIME_URL = '/host/runtime.mjs';

/**
 * Generates the shims for a viewer on disk.
 * @throws UserError with the required packages that the build lacks
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
 * JavaScript of the ES module for one package.
 * @param membersOfDefault further exports, members of the module's default export
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
 * JavaScript that gets the running build's `require`: the build passes it to every chunk pushed onto its
 * chunk list.
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
