/** This repository's extension and mode. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { paths } from '../paths';
import { UserError } from '../userError';

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

/** @throws UserError for a plugin that is not built */
export function checkPluginsBuilt(kinds: readonly PluginKind[]): void {
  for (const kind of kinds) {
    if (!existsSync(path.join(paths.plugin[kind], SCRIPT)))
      throw new UserError(`${kind}/dist/${SCRIPT} is missing: run npm run build first.`);
  }
}
