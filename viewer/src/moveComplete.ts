import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Moves a complete folder to its place. Of concurrent processes the first one's folder stays, since it may be
 * in use; a folder there without `file`, one of its files, is not complete and is replaced.
 */
export async function moveComplete(folder: string, to: string, file: string): Promise<void> {
  try {
    await rename(folder, to);
  } catch {
    if (existsSync(path.join(to, file))) return;
    await rm(to, { recursive: true, force: true });
    await rename(folder, to);
  }
}
