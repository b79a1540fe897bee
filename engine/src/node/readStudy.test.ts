import { spawnSync } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type PhantomSeries, writePhantomStudy } from '../../../tests/e2e/support/phantomStudy';
import { readStudy } from './readStudy';
import { readVolume } from './readVolume';
import { hasTool, temporaryFolder } from './testing/tools';

const small: PhantomSeries = { contrast: 't1', dims: [6, 4, 9], spacing: [30, 40, 18] };
const rescaled: PhantomSeries = {
  ...small,
  contrast: 't2',
  attributes: { RescaleSlope: 0.5, RescaleIntercept: -10 },
};

async function phantom(series: readonly PhantomSeries[]): Promise<string> {
  const { folder, cleanUp } = await temporaryFolder();
  onTestFinished(cleanUp);
  await writePhantomStudy(folder, { number: 61, series });
  return folder;
}

it('reads series in the order of their number and says what it left out', async () => {
  const folder = await phantom([small, rescaled]);
  const [first, second] = ['1_t1/IM0000.dcm', '1_t1/IM0001.dcm'].map(name => path.join(folder, name));
  await copyFile(first, path.join(folder, 'copy.dcm'));
  await writeFile(path.join(folder, 'readme.txt'), 'words');
  await writeFile(path.join(folder, 'broken.dcm'), (await readFile(second)).subarray(0, 250));
  const { series, warnings, StudyInstanceUID } = await readStudy(folder);
  expect(series.map(s => [s.SeriesNumber, s.description, s.images])).toEqual([
    [1, 'AX T1', 9],
    [2, 'AX T2', 9],
  ]);
  expect(series[0]).toMatchObject({ StudyInstanceUID, inPlaneSpacing: 40, axiality: 1 });
  expect(warnings).toEqual([
    'Left out 1 file that is not DICOM.',
    `Left out 1 damaged DICOM file, the first is ${path.join(folder, 'broken.dcm')}.`,
    'Left out 1 second copy of images already read.',
  ]);
});

it('rescales each image by its own values', async () => {
  const { series } = await readStudy(await phantom([small, rescaled]));
  let images = 0;
  const plain = await readVolume(series[0], () => images++);
  // The same tissues in another contrast: the middle of the head is white matter, 600 in T1 and 380 in T2.
  const other = await readVolume(series[1], () => images++);
  expect(images).toBe(18);
  expect(other.dims).toEqual([6, 4, 9]);
  const at = plain.data.indexOf(600);
  expect(at).toBeGreaterThan(0);
  expect(other.data[at]).toBe(380 * 0.5 - 10);
});

it.for([
  ['uncompressed', ''],
  ['big-endian', 'dcmconv +tb'],
  ['implicit', 'dcmconv +ti'],
  ['RLE', 'dcmcrle'],
])('names an image whose pixels end early: %s', async ([, convert], { skip }) => {
  const [tool, ...options] = convert.split(' ');
  if (tool && !hasTool(tool)) skip(`${tool} is not installed`);
  const folder = await phantom([small]);
  const file = path.join(folder, '1_t1/IM0003.dcm');
  if (tool) spawnSync(tool, [...options, file, file]);
  const { series } = await readStudy(folder);
  await readVolume(series[0], () => {});
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length - 20));
  await expect(readVolume(series[0], () => {})).rejects.toMatchObject({
    code: 'source-unreadable',
    message: expect.stringContaining('IM0003.dcm of the series “AX T1” could not be read'),
  });
});
