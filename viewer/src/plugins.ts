/** Loads this repository's extension and mode into the page. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { HostShims } from './hostModules';
import { paths } from './paths';
import { UserError } from './userError';

export type PluginKind = 'extension' | 'mode';
export type PluginFormat = 'esm' | 'umd';

/** Package names, which are also the ids in OHIF. */
export const PACKAGE_NAMES: Record<PluginKind, string> = {
  extension: 'ohif-extension-modality-synthesis',
  mode: 'ohif-mode-modality-synthesis',
};

const FILE_NAMES: Record<PluginFormat, string> = { esm: 'index.mjs', umd: 'index.umd.js' };

/** @throws UserError for a plugin that is not built */
export function checkPluginsBuilt(kinds: readonly PluginKind[], format: PluginFormat): void {
  for (const kind of kinds) {
    const file = path.join(paths.plugin[kind], FILE_NAMES[format]);
    if (!existsSync(file))
      throw new UserError(`${kind}/dist/${FILE_NAMES[format]} is missing: run npm run build first.`);
  }
}

/** Adds the plugins to the host's shims. */
export function withPlugins(host: HostShims, kinds: readonly PluginKind[], format: PluginFormat): HostShims {
  const imports = { ...host.imports };
  const sources = { ...host.sources };
  if (format === 'umd') sources['/host/globals.mjs'] = globalsSource(host.imports);
  for (const kind of kinds) {
    const name = PACKAGE_NAMES[kind];
    const file = `/plugins/${kind}/${FILE_NAMES[format]}`;
    imports[name] = format === 'esm' ? file : `/host/umd-${kind}.mjs`;
    if (format === 'umd') sources[`/host/umd-${kind}.mjs`] = umdSource(name, file);
  }
  return { imports, sources };
}

/** OHIF 3.14's contract for run-time plugins: shared packages on `window` by their full names. */
function globalsSource(imports: Record<string, string>): string {
  return Object.entries(imports)
    .map(
      ([name, url], index) =>
        // As the host's bundler does: without the flag a UMD plugin uses the module as its default export.
        `import * as m${index} from '${url}';\nwindow[${JSON.stringify(name)}] = { __esModule: true, ...m${index} };\n`,
    )
    .join('');
}

/** The plugin is a classic script; its default export is on `window` by the package's name. */
function umdSource(name: string, file: string): string {
  return `import '/host/globals.mjs';
await new Promise((resolve, reject) => {
  const script = document.createElement('script');
  script.src = ${JSON.stringify(file)};
  script.onload = resolve;
  script.onerror = () => reject(new Error('could not load ' + script.src));
  document.head.append(script);
});
export default window[${JSON.stringify(name)}];
`;
}
