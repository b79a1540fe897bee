import { mat4 } from 'gl-matrix';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RoleId } from '../../domains/Role';
import { fakeCmdm, tinyCmdmManifest } from '../../testing/tinyCmdm';
import type { Volume } from '../../volume/Volume';
import type { MethodJob, MethodStep } from '../Method';
import { cmdm } from './cmdm';
import { type CmdmManifest, cmdmManifestSchema } from './manifest';
import type { CmdmOptions } from './options';
import { whiteNoise } from './refine';

const manifest = tinyCmdmManifest();
const [rows, columns] = manifest.grid.size;
const DEPTH = 6;
const plane = rows * columns;
const filled = (value: number): Volume => ({
  dims: [columns, rows, DEPTH],
  indexToWorld: mat4.fromScaling(mat4.create(), manifest.grid.spacing),
  data: new Float32Array(plane * DEPTH).fill(value),
});
const sources = new Map<RoleId, Volume>([['t1', filled(0.5)]]);
/** Without the first slice and the last voxel. */
const region = new Uint8Array(plane * DEPTH).fill(1, plane).fill(0, plane * DEPTH - 1);
const inside = 2 * plane + 7;

let runs: [target: number, signal: number][];
let steps: MethodStep[];
beforeEach(() => {
  runs = [];
  steps = [];
});
const run = (options: CmdmOptions, share = 0, more: Partial<MethodJob<CmdmManifest, CmdmOptions>> = {}) =>
  cmdm.run({
    manifest,
    network: fakeCmdm(manifest, share, (target, signal) => runs.push([target, signal])),
    sources,
    region,
    targets: [{ id: 't2' }],
    options,
    seed: 1,
    onStep: step => steps.push(step),
    ...more,
  });

describe('cmdm', () => {
  it('adds the residual to the prior, in units of the error that the prior expects', async () => {
    const { mean, uncertainty } = (await run({ paths: 2, cascades: 1 })).get('t2')!;
    expect(mean.data[inside]).toBeCloseTo(0.6 + 1.5 * 0.02, 6);
    expect([mean.data[5], mean.data.at(-1)]).toEqual([0, 0]);
    // both paths find the same
    expect(uncertainty().spread.data.every(v => v === 0)).toBe(true);
  });

  it('takes every step on every path of every cascade, for the target', async () => {
    await run({ paths: 2, cascades: 3 });
    // Five slices are two slabs of four.
    expect(runs).toHaveLength(2 * 3 * 2 * 2);
    const signals = manifest.alpha_bar.map(a => expect.closeTo(Math.sqrt(a), 6));
    expect(runs.slice(0, 2)).toEqual([
      [2, signals[0]],
      [2, signals[1]],
    ]);
    expect(steps.at(-1)).toMatchObject({ stage: 'refinement', done: 26, of: 26 });
    expect(steps).toHaveLength(26);
  });

  it('tells the spread of the paths, and with one path the error that the prior expects', async () => {
    const told = async (paths: number) => (await run({ paths, cascades: 1 }, 0.5)).get('t2')!.uncertainty();
    const { spread } = await told(8);
    const values = spread.data.subarray(2 * plane, 3 * plane);
    const average = values.reduce((sum, v) => sum + v, 0) / plane;
    expect(average).toBeGreaterThan(0.2 * 2 * 1.5 * 0.02);
    expect(average).toBeLessThan(2 * 1.5 * 0.02);
    expect(spread.data[5]).toBe(0);
    const prior = (await told(1)).spread.data;
    expect([prior[inside], prior[5]]).toEqual([expect.closeTo(0.06, 6), 0]);
  });

  it('starts a cascade half way from the prior to what the one before found', async () => {
    const value = async (cascades: number) =>
      (await run({ paths: 16, cascades }, 0.9)).get('t2')!.mean.data.subarray(2 * plane, 5 * plane - 1);
    const mean = (data: Float32Array) => data.reduce((sum, v) => sum + v, 0) / data.length;
    // What is kept of the start makes the second higher.
    expect(mean(await value(2)) - mean(await value(1))).toBeGreaterThan(0.003);
  });

  it('draws the same for a slice whatever else is made, and otherwise for another seed or role', async () => {
    const options = { paths: 1, cascades: 1 };
    const whole = (await run(options, 0.5)).get('t2')!.mean.data;
    const part = new Uint8Array(region.length).fill(1, 3 * plane, 5 * plane);
    const some = (await run(options, 0.5, { region: part })).get('t2')!.mean.data;
    expect(some.subarray(3 * plane, 5 * plane)).toEqual(whole.subarray(3 * plane, 5 * plane));
    expect((await run(options, 0.5, { seed: 2 })).get('t2')!.mean.data).not.toEqual(whole);
    const noise = (role: number, slice: number, draw: number) => whiteNoise(1, role, 4)(slice, draw)[0];
    expect(new Set([noise(0, 3, 0), noise(1, 3, 0), noise(0, 4, 0), noise(0, 3, 1)]).size).toBe(4);
  });

  it('keeps the lesions of the prior, and where a T1ce cannot be told', async () => {
    const found = await run({ paths: 2, cascades: 1 }, 0, { targets: [{ id: 't1ce' }, { id: 't2' }] });
    const { uncertainty, lesions } = found.get('t1ce')!;
    const { indeterminate } = uncertainty();
    expect(indeterminate!.text).toBe('It cannot be told.');
    expect([indeterminate!.mask[inside], indeterminate!.mask[5]]).toEqual([1, 0]);
    expect(lesions!().any.data[inside]).toBeCloseTo(0.8, 6);
    expect(lesions!().enhancing!.data[inside]).toBeCloseTo(0.4, 6);
    expect(found.get('t2')!.uncertainty().indeterminate).toBeUndefined();
    expect(new Set(runs.map(([target]) => target))).toEqual(new Set([1, 2]));
  });

  it('stops when cancelled', async () => {
    const running = run({ paths: 1, cascades: 1 }, 0, { signal: AbortSignal.abort() });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('counts its work, and takes its options from the bundle', () => {
    const options = cmdm.defaults(manifest);
    expect(options).toEqual({ paths: 2, cascades: 2 });
    const slices = { depth: 10, spacing: 1, wanted: 9 };
    // three slabs: once the prior, and 8 steps for each target
    expect(cmdm.flops(manifest, slices, [], ['t1ce', 't2'], options)).toBe(3 * (100 + 2 * 8 * 10));
    expect(cmdm.networks(manifest, [], [], options)).toEqual(['cunet-0', 'refine']);
    expect(cmdm.options.safeParse({ paths: 17, cascades: 1 }).success).toBe(false);
  });
});

describe('the manifest of cmdm', () => {
  const issueOf = (change: (m: CmdmManifest) => void) => {
    const changed = tinyCmdmManifest();
    const numbers = Array(32).fill(0);
    changed.self_test.networks = { 'cunet-0': { mean: numbers }, refine: { residual: numbers } };
    change(changed);
    const { error } = cmdmManifestSchema.safeParse(changed);
    return error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  };

  it('is valid', () => {
    expect(issueOf(() => {})).toBeUndefined();
  });

  it.each<[string, (m: CmdmManifest) => void]>([
    ['uncertainty.paths.t2 is missing', m => delete m.uncertainty.paths.t2],
    ['uncertainty.prior.t1 is missing', m => delete m.uncertainty.prior.t1],
    ['grid.size must be even', m => Object.assign(m.grid, { size: [41, 36] })],
    ['networks.refine is missing', m => delete m.networks.refine],
  ])('refuses: %s', (expected, change) => {
    expect(issueOf(change)).toEqual([expected]);
  });
});
