/** The viewer that the demo and the tests serve: a folder that the kit wrote. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  addKit,
  checkPluginsBuilt,
  distOf,
  listFiles,
  PACKAGE_NAMES,
  type PluginKind,
  publicFolder,
} from '../kit/src';
import { moveComplete } from './moveComplete';
import { paths } from './paths';
import { DEMO_VERSION, ensureViewer } from './setup';

const bundles = path.join(publicFolder(), PACKAGE_NAMES.extension, 'bundles');

/**
 * Writes the folder once, and again when an input has changed.
 * @returns the folder, with all bundles of the repository
 * @throws UserError when there is no viewer or no build
 */
export async function viewerWithKit(plugins: readonly PluginKind[], version = DEMO_VERSION): Promise<string> {
  checkPluginsBuilt(plugins);
  const viewer = await ensureViewer(version);
  const name = ['kit', version, ...plugins].join('-');
  const folder = path.join(paths.viewers, `${name}-${await stateOfInputs()}`);
  if (existsSync(folder)) return folder;
  const incoming = `${folder}.${process.pid}`;
  const all = (await readdir(bundles)).map(id => path.join(bundles, id));
  await addKit({ viewer, out: incoming, plugins, bundles: all });
  await moveComplete(incoming, folder, 'index.html');
  for (const other of await readdir(paths.viewers)) {
    const isOlder = other.startsWith(`${name}-`) && !path.basename(folder).startsWith(other);
    const isOurs = /^[0-9a-f]+$/.test(other.slice(name.length + 1));
    if ((isOlder && isOurs) || other === path.basename(incoming))
      await rm(path.join(paths.viewers, other), { recursive: true, force: true });
  }
  return folder;
}

/** Changes whenever a file does that goes into the folder, or that writes it. */
async function stateOfInputs(): Promise<string> {
  const kit = fileURLToPath(new URL('../kit/src', import.meta.url));
  const hash = createHash('sha256');
  for (const folder of [kit, distOf('extension'), distOf('mode'), publicFolder()]) {
    for (const file of await listFiles(folder)) {
      const { size, mtimeMs } = await stat(path.join(folder, file));
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
