import { spawnSync } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Dataset } from '../dicom/Dataset';
import { english } from '../messages/english';
import { enhanced } from '../testing/enhanced';
import {
  type PhantomSeries,
  phantomDatasets,
  phantomPoint,
  phantomValue,
  writeDatasets,
  writePhantomStudy,
} from '../testing/phantomStudy';
import { namesIn, sentencesIn } from '../testing/sentences';
import { hasTool, temporaryFolder } from '../testing/tools';
import { indexToWorld } from '../volume/Volume';
import { readStudy } from './readStudy';
import { readVolume } from './readVolume';

const small: PhantomSeries = { role: 't1', dims: [6, 4, 9], spacing: [30, 40, 18] };
const rescaled: PhantomSeries = {
  ...small,
  role: 't2',
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
    `Left out 1 file that is not DICOM: ${path.join(folder, 'readme.txt')}.`,
    `Left out 1 damaged DICOM file: ${path.join(folder, 'broken.dcm')}.`,
    `Left out 1 second copy of an image already read: ${path.join(folder, 'copy.dcm')}.`,
  ]);
});

/** Two series of a phantom study, written after a change of each image. */
async function changed(change: (image: Dataset, series: number, k: number) => Dataset): Promise<string> {
  const { folder, cleanUp } = await temporaryFolder();
  onTestFinished(cleanUp);
  for (const [s, images] of phantomDatasets({ number: 61, series: [small, rescaled] }).entries()) {
    const own = images.map((image, k) => ({ ...image, ...change(image, s, k) }));
    await writeDatasets(path.join(folder, String(s)), own);
  }
  return folder;
}

it('takes images with the UID of others for themselves', async () => {
  const again = await readStudy(await changed((_, __, k) => ({ SOPInstanceUID: `1.2.3.${k}` })));
  expect(again.series.map(s => [s.description, s.images])).toEqual([
    ['AX T1', 9],
    ['AX T2', 9],
  ]);
  expect(again.warnings).toEqual([]);
  const all = await readStudy(await changed(() => ({ SOPInstanceUID: '1.2.3' })));
  expect(all.series.map(s => s.images)).toEqual([9, 9]);
});

it('tells series apart that share a SeriesInstanceUID', async () => {
  const { series } = await readStudy(await changed(() => ({ SeriesInstanceUID: '1.2.3' })));
  expect(series.map(s => [s.SeriesNumber, s.description, s.images])).toEqual([
    [1, 'AX T1', 9],
    [2, 'AX T2', 9],
  ]);
  expect(new Set(series.map(s => s.id)).size).toBe(2);
});

it('keeps a series together whose images have names of their own', async () => {
  const folder = await changed((_, __, k) => ({ SeriesDescription: `AX T1 ${k}`, SeriesNumber: k }));
  expect((await readStudy(folder)).series.map(s => s.images)).toEqual([9, 9]);
});

it('knows whom the images of a series show', async () => {
  const folder = await changed((_, s, k) => (s === 1 && k === 4 ? { PatientID: 'OTHER-77' } : {}));
  const patients = (await readStudy(folder)).series.map(s => s.patients.map(p => p.PatientID));
  expect(patients).toEqual([['PHANTOM-61'], ['PHANTOM-61', 'OTHER-77']]);
});

it.each([
  [
    'each image',
    (image: Dataset) => ({ StudyInstanceUID: image.SOPInstanceUID }),
    18,
    'keep one StudyInstanceUID',
  ],
  [
    'each series',
    (image: Dataset) => ({ StudyInstanceUID: image.SeriesInstanceUID }),
    2,
    'keep one StudyInstanceUID',
  ],
  [
    'each patient',
    (image: Dataset) => ({ StudyInstanceUID: image.SeriesInstanceUID, PatientID: image.SeriesInstanceUID }),
    2,
    '; give the folder of one.',
  ],
])('refuses a folder with a study for %s, in a few words', async (_, change, studies, words) => {
  const thrown = await readStudy(await changed(change)).catch(error => error);
  const text = english(thrown.text);
  expect(text).toContain(`holds ${studies} studies`);
  expect(text).toContain(words);
  expect(text.match(/1\.2\.826[0-9.]+/g)?.length).toBe(Math.min(studies, 3));
});

it('names the attribute that images lack', async () => {
  const folder = await changed(() => ({ SeriesInstanceUID: undefined }));
  const thrown = await readStudy(folder).catch(error => error);
  expect(english(thrown.text)).toContain('Left out 18 DICOM images without SeriesInstanceUID, the first is');
});

it('says in two sentences why it found nothing, however much it left out', async () => {
  const folder = await changed((_, s, k) => {
    if (s === 0) return { SeriesInstanceUID: undefined };
    return [{ Rows: undefined }, { Columns: undefined }, { SOPInstanceUID: undefined }][k % 3];
  });
  for (let n = 0; n < 9; n++) await writeFile(path.join(folder, `notes ${n}.txt`), 'words');
  const thrown = await readStudy(folder).catch(error => error);
  const text = english(thrown.text);
  expect(text).toContain('9 files that are not DICOM');
  expect(sentencesIn(text)).toBe(2);
  expect(namesIn(text).length).toBeLessThanOrEqual(3);
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
    text: {
      code: 'series/file-unreadable',
      params: { file: expect.stringContaining('IM0003.dcm'), series: 'AX T1' },
    },
  });
});

describe.each([
  ['unsigned', {}, 0],
  ['signed', { PixelRepresentation: 1, BitsStored: 12, HighBit: 11 }, 500],
])('an enhanced multi-frame image, %s', (_, attributes, zero) => {
  /** Classic images, each with a rescale of its own, some values below zero where they are signed. */
  const classic = phantomDatasets({ number: 62, series: [{ ...small, attributes }] })[0].map((image, k) => ({
    ...image,
    RescaleSlope: 1 + k,
    RescaleIntercept: -k,
    PixelData: new Uint16Array(image.PixelData as ArrayBuffer).map(v => (v - zero) & (zero ? 0xfff : 0xffff))
      .buffer,
  }));
  const truth = sampledSlices(small, (value, k) => (value - zero) * (1 + k) - k);

  it.for([
    ['uncompressed', ''],
    ['big-endian', 'dcmconv +tb'],
    ['RLE', 'dcmcrle'],
    ['JPEG-LS', 'dcmcjpls'],
    ['JPEG lossless', 'dcmcjpeg +e1'],
    ['JPEG-LS without an offset table', 'dcmcjpls -ot'],
  ])('is read frame by frame: %s', async ([, convert], { skip }) => {
    const [tool, ...options] = convert.split(' ');
    if (tool && !hasTool(tool)) skip(`${tool} is not installed`);
    const { folder, cleanUp } = await temporaryFolder();
    onTestFinished(cleanUp);
    // Frames in an order of their own: the position counts.
    const frames = enhanced([...classic.slice(4).reverse(), ...classic.slice(0, 4)]);
    const [file] = await writeDatasets(folder, [frames]);
    if (tool) expect(spawnSync(tool, [...options, file, file]).status).toBe(0);
    const [series] = (await readStudy(folder)).series;
    expect(series).toMatchObject({ images: 9, description: 'AX T1', inPlaneSpacing: 40, axiality: 1 });
    expect(series.attributes).toMatchObject({ EchoTime: 56, RepetitionTime: 1234 });
    const volume = await readVolume(series, () => {});
    expect(Array.from(volume.data)).toEqual(truth);
    const corner = phantomPoint(small, [5, 3, 8]);
    for (const [r, v] of indexToWorld(volume, [5, 3, 8]).entries()) expect(v).toBeCloseTo(corner[r], 3);
  });
});

/** Values of a phantom as its definition says, without any file. */
function sampledSlices(series: PhantomSeries, value: (stored: number, k: number) => number): number[] {
  const [columns, rows, slices] = series.dims;
  return Array.from({ length: columns * rows * slices }, (_, at) => {
    const k = Math.floor(at / columns / rows);
    const point = phantomPoint(series, [at % columns, Math.floor(at / columns) % rows, k]);
    return value(phantomValue(series, point), k);
  });
}
