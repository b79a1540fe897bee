import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../../..');

/** Copies what a clone of the repository would have, and what is not committed yet. */
export async function copyRepository(to: string): Promise<void> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await promisify(execFile)('git', list, { cwd: root, maxBuffer: 2 ** 24 });
  for (const file of stdout.trim().split('\n')) await cp(path.join(root, file), path.join(to, file));
}
