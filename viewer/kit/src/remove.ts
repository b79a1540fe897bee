/** Takes the kit out of a viewer again. */
import { copyFile, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { readInfo } from './files';
import { KIT_FOLDER, type KitManifest, MANIFEST, requireManifest } from './manifest';
import { UserError } from './userError';

/**
 * Restores the viewer's files to the byte and removes those of the kit; the manifest goes last, so that an
 * interrupted removal can be repeated. The site's configuration stays as it is.
 * @throws UserError for a folder without a kit, or when an original is damaged
 */
export async function removeKit(folder: string): Promise<KitManifest> {
  const manifest = requireManifest(folder);
  const at = (name: string) => path.join(folder, name);
  for (const { original, originalSha256 } of Object.values(manifest.changed)) {
    const found = await readInfo(at(original)).catch(() => undefined);
    if (found?.sha256 !== originalSha256)
      throw new UserError(`${original} is missing or damaged: take the viewer from where it came from.`);
  }
  for (const [name, { original }] of Object.entries(manifest.changed)) {
    await copyFile(at(original), at(`${name}.restoring`));
    await rename(at(`${name}.restoring`), at(name));
  }
  for (const name of Object.keys(manifest.added)) await rm(at(name), { force: true });
  await removeEmptyFolders(folder, Object.keys(manifest.added));
  await rm(at(MANIFEST));
  await rm(at(KIT_FOLDER), { recursive: true, force: true });
  return manifest;
}

/** Folders that held only what was removed, the deepest first. */
async function removeEmptyFolders(folder: string, removed: readonly string[]): Promise<void> {
  const folders = new Set<string>();
  for (const name of removed)
    for (let parent = path.posix.dirname(name); parent !== '.'; parent = path.posix.dirname(parent))
      folders.add(parent);
  for (const name of [...folders].sort((a, b) => b.length - a.length)) {
    const where = path.join(folder, name);
    const left = await readdir(where).catch(() => ['']);
    if (!left.length) await rmdir(where);
  }
}
