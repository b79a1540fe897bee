/** Compares a folder with what the kit wrote. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { listFiles, readInfo } from './files';
import { MANIFEST, requireManifest, SITE_CONFIG } from './manifest';

export interface Difference {
  file: string;
  what: 'changed' | 'missing' | 'not listed';
}

/**
 * Every file is as the kit wrote or found it, none is missing, and none was added. The site's own
 * configuration may change.
 * @throws UserError for a folder without a kit
 */
export async function checkKit(folder: string): Promise<Difference[]> {
  const { added, changed, unchanged } = requireManifest(folder);
  const expected = new Map(
    Object.entries({ ...unchanged, ...added, ...changed }).map(([name, { sha256 }]) => [name, sha256]),
  );
  for (const { original, originalSha256 } of Object.values(changed)) expected.set(original, originalSha256);
  const differences: Difference[] = [];
  for (const [file, sha256] of expected) {
    const where = path.join(folder, file);
    if (!existsSync(where)) differences.push({ file, what: 'missing' });
    else if ((await readInfo(where)).sha256 !== sha256) differences.push({ file, what: 'changed' });
  }
  for (const file of await listFiles(folder))
    if (!expected.has(file) && file !== MANIFEST && file !== SITE_CONFIG)
      differences.push({ file, what: 'not listed' });
  return differences.sort((a, b) => a.file.localeCompare(b.file));
}
