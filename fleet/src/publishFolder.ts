import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Copies a folder to its place, where it appears as a whole or not at all; it replaces what was there. */
export async function publishFolder(from: string, to: string): Promise<void> {
  const [parent, name] = [path.dirname(to), path.basename(to)];
  await mkdir(parent, { recursive: true });
  // Of workers that were killed.
  const left = (await readdir(parent)).filter(entry => entry.startsWith(`.${name}-`));
  for (const entry of left) await rm(path.join(parent, entry), { recursive: true, force: true });
  const partial = path.join(parent, `.${name}-${process.pid}.partial`);
  try {
    await cp(from, partial, { recursive: true });
    await rm(to, { recursive: true, force: true });
    await rename(partial, to);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}
