import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { METHODS } from '../methods';
import { commandOnPhantom } from '../testing/commandOnPhantom';
import { threeSeries } from '../testing/phantomStudy';
import { readDerivedImage, storedValues } from './readDerivedImage';

let phantom: Awaited<ReturnType<typeof commandOnPhantom>>;
beforeAll(async () => {
  phantom = await commandOnPhantom('cmdm-tiny', { number: 51, series: threeSeries });
});
afterAll(() => phantom.cleanUp());

it('refines on as many paths as are asked for, cautions as its prior does, and makes it again', async () => {
  const given = ['--target', 't1ce', '--sources', 't1,t2', '--paths', '1', '--accept-warnings'];
  const made = await phantom.run('--out', path.join(phantom.folder, 'made'), ...given);
  expect(made.code, made.err).toBe(0);
  const report = JSON.parse(made.out);
  expect(report).toMatchObject({ method: 'cmdm', bundle: { id: 'cmdm-tiny' } });
  expect(report.warnings).toContain('Enhancement is not predicted: lesions are shown without it.');
  const { files } = report.outputs[0];
  const image = files[Math.floor(files.length / 2)];
  const { record, instance } = await readDerivedImage(image, METHODS);
  expect(record.method).toEqual({ id: 'cmdm', options: { paths: 1, cascades: 2 } });
  expect(instance.SeriesDescription).toBe('SYNTHETIC T1 post-contrast (CMDM)');
  expect(instance.DerivationDescription).toContain('1 path, 2 cascades');
  expect(Array.from(await storedValues(image, instance)).some(value => value > 0)).toBe(true);
  const again = await phantom.run('--again', image, '--out', path.join(phantom.folder, 'again'));
  expect(again.code, again.err).toBe(0);
  expect(JSON.parse(again.out).again.identical).toBe(true);
}, 170_000);

it('makes some slices as it makes them of the whole, marks them so, and makes them again', async () => {
  const given = ['--target', 'flair', '--sources', 't1,t2', '--reference', 't1', '--uncertainty'];
  const make = async (name: string, ...more: string[]) => {
    const made = await phantom.run('--out', path.join(phantom.folder, name), ...given, ...more);
    return made.code === 0 ? JSON.parse(made.out).outputs[0] : made.err;
  };
  const pixelsOf = async (file: string) => {
    const { record, instance } = await readDerivedImage(file, METHODS);
    return { record, instance, pixels: Array.from(await storedValues(file, instance)) };
  };
  const whole = await make('whole');
  const some = await make('some', '--slices', '15-23');
  expect(some.files, some).toHaveLength(9);
  expect(some.errorMap).toBeDefined();
  const { record, instance, pixels } = await pixelsOf(some.files[4]);
  expect(record.slices).toEqual({ from: 15, to: 23 });
  expect(instance.SeriesDescription).toBe('SYNTHETIC FLAIR (CMDM, slices 15-23)');
  const same = await pixelsOf(whole.files[18]);
  expect(same.instance.ImagePositionPatient).toEqual(instance.ImagePositionPatient);
  // Interpolated on another grid: rounded at other places.
  expect(Math.max(...pixels.map((value, i) => Math.abs(value - same.pixels[i])))).toBeLessThanOrEqual(1);
  expect(pixels.some(value => value > 0)).toBe(true);
  const again = await phantom.run('--again', some.files[4], '--out', path.join(phantom.folder, 'once-more'));
  expect(again.code, again.err).toBe(0);
  expect(JSON.parse(again.out)).toMatchObject({
    again: { identical: true },
    outputs: [{ files: { length: 9 } }],
  });

  expect(await make('beyond', '--slices', '30-41')).toContain(
    '--slices 30-41: the reference, T1, has 36 slices.',
  );
  expect(await make('empty', '--slices', '36')).toContain('Brain: none in slices 36 to 36 of the reference.');
}, 170_000);
