import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { METHODS } from '../methods';
import { commandOnPhantom } from '../testing/commandOnPhantom';
import { twoSeries } from '../testing/phantomStudy';
import { readDerivedImage, storedValues } from './readDerivedImage';

let phantom: Awaited<ReturnType<typeof commandOnPhantom>>;
beforeAll(async () => {
  const [t1, t2] = twoSeries;
  const low = { ...t1, role: 't1ce', attributes: { SeriesDescription: 'AX T1 POST GD 20% dose' } };
  phantom = await commandOnPhantom('ccdm-tiny', { number: 49, series: [t1, low, t2] });
});
afterAll(() => phantom.cleanUp());

it('makes the full dose of a low-dose series, records the dose, and makes it again', async () => {
  const made = await phantom.run(
    ...['--out', path.join(phantom.folder, 'made'), '--target', 't1ce', '--accept-warnings'],
  );
  expect(made.code, made.err).toBe(0);
  const report = JSON.parse(made.out);
  expect(report.method).toBe('ccdm');
  const { files } = report.outputs[0];
  const image = files[Math.floor(files.length / 2)];
  const { record, instance } = await readDerivedImage(image, METHODS);
  expect(record.sources.map(({ role }) => role)).toEqual(['t1', 't1ce-low']);
  expect(record.parameters).toEqual({ 'given-dose': 20, dose: 100, sample: 0 });
  expect(instance.SeriesDescription).toBe('SYNTHETIC T1 post-contrast (CCDM, given-dose 20, dose 100)');
  expect(Array.from(await storedValues(image, instance)).some(value => value > 0)).toBe(true);
  const again = await phantom.run('--again', image, '--out', path.join(phantom.folder, 'again'));
  expect(again.code, again.err).toBe(0);
  expect(JSON.parse(again.out).again.identical).toBe(true);
}, 170_000);

it.each([
  [['--target', 't2', '--sources', 't1,t1ce-low'], 'does not make T2'],
  [['--target', 't1ce-low', '--sources', 't1'], 'does not make Low-dose T1 post-contrast'],
  [['--target', 't1ce', '--sources', 't1,t2'], 'does not use T2; take t2 out of --sources'],
  [['--target', 't1ce', '--check'], 'cannot make its sources again'],
])('refuses %j', async (args, words) => {
  const { code, out, err } = await phantom.run('--out', path.join(phantom.folder, 'refused'), ...args);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(words);
});
