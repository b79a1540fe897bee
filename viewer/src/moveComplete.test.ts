import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveComplete } from './moveComplete';

describe('moveComplete', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'move-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const home = () => path.join(folder, 'home');
  async function write(name: string, file: string): Promise<string> {
    const where = path.join(folder, name);
    await mkdir(where, { recursive: true });
    await writeFile(path.join(where, file), name);
    return where;
  }

  it('keeps the folder of whoever was first, which is in use', async () => {
    const [first, second] = [await write('first', 'index.html'), await write('second', 'index.html')];
    await moveComplete(first, home(), 'index.html');
    const used = await readFile(path.join(home(), 'index.html'), 'utf8');
    await moveComplete(second, home(), 'index.html');
    expect([used, await readFile(path.join(home(), 'index.html'), 'utf8')]).toEqual(['first', 'first']);
  });

  it('replaces what is not complete', async () => {
    await write('home', 'half');
    await moveComplete(await write('whole', 'index.html'), home(), 'index.html');
    expect(existsSync(path.join(home(), 'half'))).toBe(false);
    expect(await readFile(path.join(home(), 'index.html'), 'utf8')).toBe('whole');
  });

  it('fails when there is nothing to move', async () => {
    await expect(moveComplete(path.join(folder, 'none'), home(), 'index.html')).rejects.toThrow('ENOENT');
  });
});
