/** The extension and the mode, where they are installed: as packages, or in their repository. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { UserError } from './userError';

export type PluginKind = 'extension' | 'mode';

/** Package names, which are also the ids in OHIF. */
export const PACKAGE_NAMES: Record<PluginKind, string> = {
  extension: 'ohif-extension-modality-synthesis',
  mode: 'ohif-mode-modality-synthesis',
};

/** The extension's panel. */
export const PANEL = `${PACKAGE_NAMES.extension}.panelModule.synthesis`;

/** Bundles that the extension uses unless it is configured. */
export const SHIPPED_BUNDLES = ['cdm-brain-mr', 'brain-extraction'];

/** The plugin as a classic script, by OHIF's contract for run-time plugins. */
export const SCRIPT = 'index.umd.js';

const require = createRequire(import.meta.url);

function packageFolder(kind: PluginKind): string {
  return path.dirname(require.resolve(`${PACKAGE_NAMES[kind]}/package.json`));
}

/** What the build of a plugin wrote. */
export const distOf = (kind: PluginKind) => path.join(packageFolder(kind), 'dist');

/** Files that OHIF's own build copies to the web root: runtime, bundles. */
export const publicFolder = () => path.join(packageFolder('extension'), 'public');

/** @throws UserError for a plugin that is not built */
export function checkPluginsBuilt(kinds: readonly PluginKind[]): void {
  for (const kind of kinds) {
    if (!existsSync(path.join(distOf(kind), SCRIPT)))
      throw new UserError(`${kind}/dist/${SCRIPT} is missing: run npm run build first.`);
  }
}
