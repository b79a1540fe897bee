import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { METHODS } from '../methods';
import { commandOnPhantom } from '../testing/commandOnPhantom';
import { threeSeries } from '../testing/phantomStudy';
import { readDerivedImage, storedValues } from './readDerivedImage';

const CAUTION = 'Enhancement is not predicted: lesions are shown without it.';

let phantom: Awaited<ReturnType<typeof commandOnPhantom>>;
beforeAll(async () => {
  phantom = await commandOnPhantom('cdm-tiny', { number: 47, series: threeSeries });
});
afterAll(() => phantom.cleanUp());

it('makes, cautions, records, samples and makes a sample again', async () => {
  const out = path.join(phantom.folder, 'made');
  const made = await phantom.run('--out', out, '--target', 't1ce', '--sources', 't1,t2', '--accept-warnings');
  expect(made.code, made.err).toBe(0);
  const report = JSON.parse(made.out);
  expect(report).toMatchObject({
    method: 'cdm',
    bundle: { id: 'cdm-tiny' },
    outputs: [{ target: 't1ce', caution: CAUTION }],
  });
  expect(report.warnings).toContain(CAUTION);
  const { files } = report.outputs[0];
  const image = files[Math.floor(files.length / 2)];
  const { record, instance } = await readDerivedImage(image, METHODS);
  expect(record.caution).toBe(CAUTION);
  expect(record.lesions!.any).toBeGreaterThan(0);
  expect(record.lesions!.enhancing).toBeLessThanOrEqual(record.lesions!.any);
  const pixels = await storedValues(image, instance);
  expect(Array.from(pixels).some(value => value > 0)).toBe(true);

  const target = ['--target', 't1ce:sample=2'];
  const sampled = await phantom.run(
    '--out',
    path.join(phantom.folder, 'sample'),
    ...target,
    '--sources',
    't1,t2',
    '--accept-warnings',
  );
  expect(sampled.code, sampled.err).toBe(0);
  expect(JSON.parse(sampled.out).warnings).toContainEqual(
    expect.stringMatching(/^Sample 2: .* not the most likely/),
  );
  const [one] = JSON.parse(sampled.out).outputs[0].files.filter(
    (file: string) => path.basename(file) === path.basename(image),
  );
  const sample = await readDerivedImage(one, METHODS);
  expect(sample.instance.SeriesDescription).toBe('SYNTHETIC T1 post-contrast (CDM, sample 2)');
  expect(await storedValues(one, sample.instance)).not.toEqual(pixels);
  const again = await phantom.run('--again', one, '--out', path.join(phantom.folder, 'again'));
  expect(again.code, again.err).toBe(0);
  expect(JSON.parse(again.out).again.identical).toBe(true);
}, 170_000);
