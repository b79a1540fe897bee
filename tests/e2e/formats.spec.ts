import { execFileSync } from 'node:child_process';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '@modality-synthesis/engine';
import { hasTool } from '../../engine/src/node/testing/tools';
import { enhanced } from '../../engine/src/testing/enhanced';
import {
  type PhantomSeries,
  phantomDatasets,
  studyUid,
  threeSeries,
  writeDatasets,
} from './support/phantomStudy';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const [coarse, fine, flair] = threeSeries;
/** The T1 has the finest pixels: it is the reference. */
const series: readonly PhantomSeries[] = [
  { ...fine, contrast: 't1', tilt: 4 },
  { ...coarse, contrast: 't2' },
  flair,
];

/** The same values, stored below and above zero. */
const signed = (image: Dataset): Dataset => ({
  ...image,
  PixelRepresentation: 1,
  RescaleSlope: 1,
  RescaleIntercept: 500,
  PixelData: Int16Array.from(new Uint16Array(image.PixelData as ArrayBuffer), v => v - 500).buffer,
});

/** Has a tool of dcmtk write the files again. */
async function convert(files: readonly string[], tool: string, ...options: string[]): Promise<void> {
  for (const file of files) {
    execFileSync(tool, [...options, file, `${file}.new`]);
    await rename(`${file}.new`, file);
  }
}

test('enhanced, JPEG-LS and signed big-endian images give what the plain ones give, on the reference grid', async ({
  viewer,
  folder,
  phantom,
}) => {
  test.skip(!hasTool('dcmcjpls'), 'dcmtk is not on this machine');
  const [t1, t2, third] = phantomDatasets({ number: 2, series });
  const packed = path.join(folder, 'packed');
  await writeDatasets(path.join(packed, 't1'), [enhanced(t1)]);
  await convert(await writeDatasets(path.join(packed, 't2'), t2), 'dcmcjpls');
  await convert(await writeDatasets(path.join(packed, 'flair'), third.map(signed)), 'dcmconv', '+tb');
  const app = await viewer({ studies: [await phantom(1, series), packed], appConfig: tinyBundle });
  const made = [];
  for (const number of [1, 2]) {
    await app.open({ studies: [studyUid(number)] });
    await app.run.click();
    expect(await app.finished()).toContain('Synthetic T1 post-contrast made');
    made.push(await app.readSeries('SYNTHETIC T1 post-contrast'));
  }
  const syntax = async (name: string) => (await app.readSeries(name)).first.AvailableTransferSyntaxUID;
  expect(await syntax('AX T2')).toBe('1.2.840.10008.1.2.4.80');
  expect(await syntax('AX T2 FLAIR')).toBe('1.2.840.10008.1.2.2');

  const [plain, result] = made;
  expect(result.positions).toEqual(t1.map(image => (image.ImagePositionPatient as string[]).map(Number)));
  expect(result.orientation).toEqual((t1[0].ImageOrientationPatient as string[]).map(Number));
  expect(result.spacing).toEqual(t1[0].PixelSpacing);
  expect(result.size).toEqual([t1[0].Columns, t1[0].Rows]);
  expect(new Set(result.pixels).size).toBeGreaterThan(100);
  expect(result.pixels).toEqual(plain.pixels);
  expect([result.first.ReferencedImageSequence].flat()[0]).toMatchObject({ ReferencedFrameNumber: 1 });
});
