import { mkdirSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../testing/tools';
import { checkOutput, writeOutput } from './outputFolders';

const datasets = [1, 2, 3].map(n => ({
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
  SOPInstanceUID: `2.25.${n}`,
  PixelData: new ArrayBuffer(8),
}));
const series = [
  { folder: 't1ce', datasets },
  { folder: 'flair', datasets },
] as const;

async function place(): Promise<string> {
  const { folder, cleanUp } = await temporaryFolder();
  onTestFinished(cleanUp);
  return folder;
}

describe('writeOutput', () => {
  it('puts each series into its folder, an empty one in the way included', async () => {
    const out = path.join(await place(), 'new/out');
    await mkdir(path.join(out, 'flair'), { recursive: true });
    await checkOutput(out, ['t1ce', 'flair']);
    let files = 0;
    const written = await writeOutput(out, series, () => files++);
    expect(files).toBe(6);
    expect(await readdir(out)).toEqual(['flair', 't1ce']);
    expect(await readdir(path.join(out, 'flair'))).toEqual(['IM0001.dcm', 'IM0002.dcm', 'IM0003.dcm']);
    expect(written[1][2]).toBe(path.join(out, 'flair/IM0003.dcm'));
  });

  it('leaves nothing when cancelled, the folders it made included', async () => {
    const folder = await place();
    const controller = new AbortController();
    const onFile = () => controller.abort();
    const writing = writeOutput(path.join(folder, 'new/out'), series, onFile, controller.signal);
    await expect(writing).rejects.toMatchObject({ code: 'cancelled' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes back the first series when the second finds its place taken', async () => {
    const folder = await place();
    let files = 0;
    const onFile = () => {
      files++;
      // At once, or the rename may come first.
      if (files === 6) mkdirSync(path.join(folder, 'flair/theirs'), { recursive: true });
    };
    await expect(writeOutput(folder, series, onFile)).rejects.toMatchObject({ code: 'output-unwritable' });
    expect(await readdir(folder)).toEqual(['flair']);
    expect(await readdir(path.join(folder, 'flair'))).toEqual(['theirs']);
  });
});

describe('checkOutput refuses', () => {
  it('a target folder with something in it, or a file in its place', async () => {
    const out = await place();
    await mkdir(path.join(out, 't1ce/x'), { recursive: true });
    await writeFile(path.join(out, 'flair'), '');
    await expect(checkOutput(out, ['t1ce'])).rejects.toThrow('t1ce is not empty; remove it');
    await expect(checkOutput(out, ['flair'])).rejects.toThrow('flair is in the way');
    await expect(checkOutput(path.join(out, 'flair/deep'), ['t1'])).rejects.toMatchObject({
      code: 'output-unwritable',
    });
  });
});
