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
