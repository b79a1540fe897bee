import { mat4 } from 'gl-matrix';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RoleId } from '../../domains/Role';
import { coded } from '../../testing/coded';
import { fakeDose, tinyCcdmManifest } from '../../testing/tinyCcdm';
import type { Volume } from '../../volume/Volume';
import type { MethodJob, MethodStep } from '../Method';
import { ccdm } from './ccdm';
import { type CcdmManifest, ccdmManifestSchema } from './manifest';

const manifest = tinyCcdmManifest();
const [rows, columns] = manifest.grid.size;
const DEPTH = 6;
const plane = rows * columns;
const filled = (value: number): Volume => ({
  dims: [columns, rows, DEPTH],
  indexToWorld: mat4.fromScaling(mat4.create(), manifest.grid.spacing),
  data: new Float32Array(plane * DEPTH).fill(value),
});
const sources = new Map<RoleId, Volume>([
  ['t1ce-low', filled(0.6)],
  ['t1', filled(0.5)],
]);
/** Without the first slice and the last voxel. */
const region = new Uint8Array(plane * DEPTH).fill(1, plane).fill(0, plane * DEPTH - 1);

let runs: [dose: number, share: number][];
let steps: MethodStep[];
beforeEach(() => {
  runs = [];
  steps = [];
});
const run = (
  parameters: Record<string, number> | undefined,
  more: Partial<MethodJob<CcdmManifest, Record<string, never>>> = {},
) =>
  ccdm.run({
    manifest,
    network: () => fakeDose(manifest, (dose, share) => runs.push([dose, share])),
    sources,
    region,
    targets: [{ id: 't1ce', parameters }],
    options: {},
    seed: 1,
    onStep: step => steps.push(step),
    ...more,
  });

describe('ccdm', () => {
  it('tells the network the dose of the image, in the order of the channels', async () => {
    const { mean, uncertainty } = (await run({ 'given-dose': 20, dose: 100, sample: 0 })).get('t1ce')!;
    // Five slices are two slabs of four, one step each.
    expect(runs).toEqual([
      [expect.closeTo(0.2, 6), 0],
      [expect.closeTo(0.2, 6), 0],
    ]);
    expect(steps.map(({ stage, done, of }) => [stage, done, of])).toEqual([
      ['doses', 1, 2],
      ['doses', 2, 2],
    ]);
    expect(mean.data[plane + 5]).toBeCloseTo(1, 5);
    expect([mean.data[5], mean.data.at(-1)]).toEqual([0, 0]);
    const { spread } = uncertainty();
    expect([spread.data[plane + 5], spread.data[5]]).toEqual([expect.closeTo(0.04, 6), 0]);
  });

  it('takes the usual dose where none is told, and clips to the ceiling', async () => {
    const usual = (await run(undefined)).get('t1ce')!.mean.data[plane];
    expect(usual).toBeCloseTo(0.9, 5);
    expect((await run({ 'given-dose': 5, dose: 100, sample: 0 })).get('t1ce')!.mean.data[plane]).toBe(1.25);
  });

  it('shows less of a result, never less enhancement of a larger dose, and doubts less than was given', async () => {
    const shown = async (dose: number) => (await run({ 'given-dose': 25, dose, sample: 0 })).get('t1ce')!;
    const all = await Promise.all([5, 20, 40, 60, 80, 99, 100].map(shown));
    const values = all.map(({ mean }) => mean.data[plane]);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values[0]).toBeCloseTo(0.52, 1);
    expect(values.at(-1)).toBeCloseTo(0.9, 5);
    const errors = all.map(({ uncertainty }) => uncertainty().spread.data[plane]);
    expect(errors).toEqual([...errors].sort((a, b) => a - b));
    const doubts = (dose: number) =>
      ccdm.doubts!(manifest, { id: 't1ce', parameters: { 'given-dose': 25, dose } });
    expect(coded(doubts(10))).toEqual(['ccdm/less-than-given(10, 25)']);
    expect(doubts(25)).toEqual([]);
  });

  it('draws a sample in the steps of the bundle, after the mean', async () => {
    const made = async (sample: number, seed = 1) =>
      (await run({ 'given-dose': 50, dose: 100, sample }, { seed })).get('t1ce')!.mean.data;
    const one = await made(1);
    expect(runs.map(([, share]) => share).slice(0, 3)).toEqual([
      0,
      expect.closeTo(Math.sqrt(0.1), 6),
      expect.closeTo(Math.sqrt(0.9), 6),
    ]);
    expect(steps.at(-1)).toMatchObject({ done: 6, of: 6 });
    expect(await made(1)).toEqual(one);
    expect(await made(2)).not.toEqual(one);
    expect(await made(1, 2)).not.toEqual(one);
    expect([one[5], one.at(-1)]).toEqual([0, 0]);
  });

  it.each<[string, Partial<MethodJob<CcdmManifest, Record<string, never>>>]>([
    ['without the low dose', { sources: new Map([['t1', filled(0.5)]]) }],
    ['of another target', { targets: [{ id: 't1' }] }],
  ])('refuses a job %s', async (_, more) => {
    await expect(run(undefined, more)).rejects.toMatchObject({ code: 'plan-invalid' });
    expect(runs).toEqual([]);
  });

  it('stops when cancelled', async () => {
    const running = run(undefined, { signal: AbortSignal.abort() });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('asks for the dose, in per cent of the full one, and counts its work', () => {
    const { 'given-dose': given, dose, sample } = ccdm.parameters!(manifest, 't1ce');
    expect(given).toMatchObject({ unit: '%', min: 5, max: 100, default: 25 });
    expect(dose).toMatchObject({ unit: '%', min: 5, max: 100, default: 100, step: 1 });
    expect(sample).toMatchObject({ min: 0, default: 0, whole: true });
    expect(ccdm.parameters!(manifest, 't1')).toEqual({});
    expect(ccdm.flops(manifest, { depth: 10, spacing: 1, wanted: 9 }, [], [], {})).toBe(300);
    expect(ccdm.networks(manifest, [], [], {})).toEqual(['dose']);
  });
});

describe('the manifest of ccdm', () => {
  const issueOf = (change: (m: CcdmManifest) => void) => {
    const changed = tinyCcdmManifest();
    changed.self_test.networks.dose = { mean: Array(32).fill(0) };
    change(changed);
    const { error } = ccdmManifestSchema.safeParse(changed);
    return error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  };

  it('is valid', () => {
    expect(issueOf(() => {})).toBeUndefined();
  });

  it.each<[string, (m: CcdmManifest) => void]>([
    ['sources.1 must be one of the roles', m => m.roles.splice(1, 1)],
    ['target must be one of the roles', m => m.roles.pop()],
    ['dose.usual must not be less than the least', m => Object.assign(m.dose, { least: 0.5 })],
    ['networks.dose is missing', m => delete m.networks.dose],
  ])('refuses: %s', (expected, change) => {
    expect(issueOf(change)).toEqual([expected]);
  });
});
