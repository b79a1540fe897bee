import { execFileSync } from 'node:child_process';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '@modality-synthesis/engine';
import { enhanced } from '@modality-synthesis/engine/testing/enhanced';
import {
  type PhantomSeries,
  phantomDatasets,
  studyUid,
  threeSeries,
  writeDatasets,
} from '@modality-synthesis/engine/testing/phantomStudy';
import { hasTool } from '@modality-synthesis/engine/testing/tools';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const [coarse, fine, flair] = threeSeries;
/** The T1 has the smallest pixels: it is the reference. */
const series: readonly PhantomSeries[] = [{ ...fine, role: 't1', tilt: 4 }, { ...coarse, role: 't2' }, flair];

/** The same values, stored below and above zero. */
const signed = (image: Dataset): Dataset => ({
  ...image,
  PixelRepresentation: 1,
  RescaleSlope: 1,
  RescaleIntercept: 500,
  PixelData: Int16Array.from(new Uint16Array(image.PixelData as ArrayBuffer), v => v - 500).buffer,
});

/** The same values with a slope and an intercept per slice that float32 represents exactly. */
const rescaled = (image: Dataset, k: number): Dataset => {
  const [RescaleSlope, RescaleIntercept] = [2 ** ((k % 4) - 2), -2 * k];
  const values = new Uint16Array(image.PixelData as ArrayBuffer);
  const stored = values.map(v => (v - RescaleIntercept) / RescaleSlope);
  return { ...image, RescaleSlope, RescaleIntercept, PixelData: stored.buffer };
};

/** Rewrites the files with a tool of dcmtk. */
async function convert(files: readonly string[], tool: string, ...options: string[]): Promise<void> {
  for (const file of files) {
    execFileSync(tool, [...options, file, `${file}.new`]);
    await rename(`${file}.new`, file);
  }
}

/** The three series as hospitals may send them, and their transfer syntaxes. */
const packings: {
  write: (series: Dataset[][], folder: (name: string) => string) => Promise<void>;
  syntaxes: Readonly<Record<string, string>>;
}[] = [
  {
    async write([t1, t2, third], folder) {
      await writeDatasets(folder('t1'), [enhanced(t1)]);
      await convert(await writeDatasets(folder('t2'), t2), 'dcmcjpls');
      await convert(await writeDatasets(folder('flair'), third.map(signed)), 'dcmconv', '+tb');
    },
    syntaxes: { 'AX T2': '1.2.840.10008.1.2.4.80', 'AX T2 FLAIR': '1.2.840.10008.1.2.2' },
  },
  {
    async write([t1, t2, third], folder) {
      await convert(await writeDatasets(folder('t1'), t1), 'dcmcrle');
      await writeDatasets(folder('t2'), t2.map(rescaled));
      await writeDatasets(folder('flair'), [enhanced(third.map(rescaled))]);
    },
    syntaxes: { 'AX T1': '1.2.840.10008.1.2.5' },
  },
];

test('enhanced, compressed, big-endian and slice by slice rescaled images give what plain ones give, on the reference grid @long', async ({
  viewer,
  folder,
  phantom,
}) => {
  test.skip(!hasTool('dcmcjpls'), 'dcmtk is not on this machine');
  const studies = [await phantom(1, series)];
  for (const [n, { write }] of packings.entries()) {
    const packed = path.join(folder, `packed-${n}`);
    await write(phantomDatasets({ number: n + 2, series }), name => path.join(packed, name));
    studies.push(packed);
  }
  const app = await viewer({ studies, appConfig: tinyBundle });
  const make = async (number: number) => {
    await app.open({ studies: [studyUid(number)] });
    await app.run.click();
    expect(await app.finished()).toBe('job/done');
    return app.readSeries('SYNTHETIC T1 post-contrast');
  };
  const plain = await make(1);
  expect(new Set(plain.pixels).size).toBeGreaterThan(100);
  const [t1] = phantomDatasets({ number: 1, series });
  for (const [n, { syntaxes }] of packings.entries()) {
    const result = await make(n + 2);
    for (const [name, syntax] of Object.entries(syntaxes)) {
      expect((await app.readSeries(name)).first.AvailableTransferSyntaxUID).toBe(syntax);
    }
    expect(result.positions).toEqual(t1.map(image => (image.ImagePositionPatient as string[]).map(Number)));
    expect(result.orientation).toEqual((t1[0].ImageOrientationPatient as string[]).map(Number));
    expect(result.spacing).toEqual(t1[0].PixelSpacing);
    expect(result.size).toEqual([t1[0].Columns, t1[0].Rows]);
    expect(result.pixels).toEqual(plain.pixels);
    const [{ ReferencedFrameNumber }] = [result.first.ReferencedImageSequence].flat() as Dataset[];
    expect(ReferencedFrameNumber).toBe(n === 0 ? 1 : undefined);
  }
});
