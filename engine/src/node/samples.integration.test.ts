import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandOnPhantom } from '../testing/commandOnPhantom';
import { twoSeries } from '../testing/phantomStudy';

let phantom: Awaited<ReturnType<typeof commandOnPhantom>>;
beforeAll(async () => {
  phantom = await commandOnPhantom('cdm-tiny', { number: 48, series: twoSeries });
});
afterAll(() => phantom.cleanUp());

it('averages the samples that are asked for, says how many, and makes the same again', async () => {
  const make = async (name: string, ...more: string[]) => {
    const { code, out, err } = await phantom.run('--out', path.join(phantom.folder, name), ...more);
    expect(code, err).toBe(0);
    return JSON.parse(out);
  };
  const made = await make('made', '--target', 't1ce', '--samples', '2', '--seed', '5', '--accept-warnings');
  const asked = { method: 'cdm', bundle: { id: 'cdm-tiny' }, samples: 2, seed: 5 };
  expect(made).toMatchObject(asked);
  expect(Object.keys(made.seconds)).toEqual(expect.arrayContaining(['tokens', 'diffusion', 'images']));
  const again = await make('again', '--again', made.outputs[0].files[17]);
  expect(again).toMatchObject({ ...asked, again: { identical: true, largestDifference: 0 } });
}, 170_000);
