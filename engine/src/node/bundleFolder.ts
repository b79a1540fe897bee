import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadFile } from '../bundle/loadBundle';
import { domainOf } from '../domains';
import { SynthesisError } from '../errors';
import { METHODS } from '../methods';

/** The bundles of this repository, by the option that names another. */
const DEFAULTS = { bundle: METHODS[0].bundle, 'brain-bundle': domainOf().region.bundle };
const BUNDLES = fileURLToPath(new URL('../../../models/bundles/', import.meta.url));

/**
 * Folder of a bundle, with a trailing separator: the given one, otherwise this repository's by id.
 * @throws SynthesisError `bundle-unreachable` when it holds no bundle.json
 */
export function bundleFolder(
  option: keyof typeof DEFAULTS,
  given?: string,
  id: string = DEFAULTS[option],
): string {
  const folder = path.join(given ?? path.join(BUNDLES, path.basename(id)), path.sep);
  if (!existsSync(path.join(folder, 'bundle.json'))) {
    throw new SynthesisError(
      'bundle-unreachable',
      `There is no bundle.json in ${folder}; name the folder of a trained model with --${option}.`,
    );
  }
  return folder;
}

/** Reads the files of a bundle from disk. */
export function folderReader(folder: string): ReadFile {
  return async (name, onBytes, signal) => {
    const bytes = await readFile(path.join(folder, name), { signal });
    onBytes?.(bytes.byteLength, bytes);
    return bytes;
  };
}
