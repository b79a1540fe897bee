import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@modality-synthesis/engine/testing/tools';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publishFolder } from './publishFolder';

let root: string;
let cleanUp: () => Promise<void>;
beforeAll(async () => {
  ({ folder: root, cleanUp } = await temporaryFolder());
});
afterAll(() => cleanUp());

it('replaces what was there, and removes what a killed worker left', async () => {
  const [from, to] = [path.join(root, 'made'), path.join(root, 'out', '1.2', 'flair')];
  await mkdir(from);
  await writeFile(path.join(from, '1.dcm'), 'one');
  await publishFolder(from, to);
  await mkdir(path.join(root, 'out', '1.2', '.flair-1.partial'));
  await writeFile(path.join(from, '1.dcm'), 'two');
  await publishFolder(from, to);
  expect(await readdir(path.dirname(to))).toEqual(['flair']);
  expect(await readFile(path.join(to, '1.dcm'), 'utf8')).toBe('two');
});

it('leaves nothing where it fails', async () => {
  const to = path.join(root, 'none', 'flair');
  await expect(publishFolder(path.join(root, 'missing'), to)).rejects.toThrow('ENOENT');
  expect(await readdir(path.dirname(to))).toEqual([]);
});
