import { beforeAll, describe, expect, it } from 'vitest';
import { findBrain } from '../domains/brain-mr/region/findBrain';
import type { RoleId } from '../domains/Role';
import type { Step } from '../progress';
import { BRAIN_CENTRE, head, inBrain, radius } from '../testing/head';
import { eachVoxel, gridOfSteps, sampled, turnedGrid } from '../testing/linear';
import { fakeBrain, tinyBrainManifest } from '../testing/tinyBrain';
import { tinyManifest } from '../testing/tinyManifest';
import { percentiles } from '../volume/statistics';
import { axisStep, indexToWorld, type Point3, type Volume, voxelCount } from '../volume/Volume';
import { type Prepared, prepare } from './prepare';

const manifest = tinyManifest();
const find = (given: ReadonlyMap<RoleId, Volume>, reference: RoleId) =>
  findBrain(given, reference, tinyBrainManifest(), () => fakeBrain);
const [cx, cy, cz] = BRAIN_CENTRE;
/** Sagittal slices, flipped: i to the back, j to the feet, k to the left. */
const sagittal = gridOfSteps([60, 56, 44], [0, 3, 0], [0, 0, -3], [3.5, 0, 0], [cx - 75, cy - 88, cz + 82]);
const oblique = turnedGrid([64, 74, 48], [2.5, 2.5, 3.5], [cx - 79, cy - 92, cz - 82], 0.06);

const volumes = (...given: [RoleId, Volume][]) => new Map(given);
const brighter = (w: Point3) => 2 * head(w);

describe('prepare', () => {
  const steps: Step[] = [];
  let prepared: Prepared;
  beforeAll(async () => {
    const given = volumes(['t1', sampled(sagittal, head)], ['flair', sampled(oblique, brighter)]);
    const found = await find(given, 't1');
    prepared = await prepare(given, 't1', found, manifest, { onStep: step => steps.push(step) });
  });

  it("puts every source on the bundle's grid, to the left, the back and the head", () => {
    expect([...prepared.sources.keys()]).toEqual(['t1', 'flair']);
    for (const volume of prepared.sources.values()) {
      // The manifest's size is rows and columns.
      expect(volume.dims.slice(0, 2)).toEqual([36, 40]);
      expect(volume.data).toHaveLength(voxelCount(volume));
      for (const axis of [0, 1, 2] as const) expect(axisStep(volume, axis)[axis]).toBeCloseTo(4, 4);
    }
  });

  it('centres the grid on the brain', () => {
    const { dims, indexToWorld: _, ...rest } = prepared.sources.get('t1')!;
    expect(rest.data).toHaveLength(prepared.region.length);
    const centre = indexToWorld(prepared.sources.get('t1')!, dims.map(n => (n - 1) / 2) as Point3);
    for (const [r, v] of BRAIN_CENTRE.entries()) expect(Math.abs(centre[r] - v)).toBeLessThan(4);
  });

  it('finds the brain and leaves 0 outside it', () => {
    const volume = prepared.sources.get('flair')!;
    let [both, sum, outside] = [0, 0, 0];
    eachVoxel(volume, (index, at) => {
      const truth = inBrain(indexToWorld(volume, index));
      both += truth && prepared.region[at] ? 1 : 0;
      sum += (truth ? 1 : 0) + prepared.region[at];
      if (!prepared.region[at] && volume.data[at] !== 0) outside++;
    });
    expect(outside).toBe(0);
    expect((2 * both) / sum).toBeGreaterThan(0.95);
  });

  it('scales every source alike, whatever its unit', () => {
    const [t1, flair] = [...prepared.sources.values()];
    let [inside, difference] = [0, 0];
    eachVoxel(t1, (index, at) => {
      if (radius(indexToWorld(t1, index), -12) > 1) return;
      inside++;
      difference = Math.max(difference, Math.abs(t1.data[at] - flair.data[at]));
    });
    expect(inside).toBeGreaterThan(3000);
    expect(difference).toBeLessThan(0.06);
    expect(t1.data.every(v => v >= 0 && v <= manifest.normalization.ceiling)).toBe(true);
    expect(Math.max(...t1.data)).toBeGreaterThan(0.99);
  });

  it('counts every step of the stage to its end', () => {
    expect(steps).toEqual([0, 1, 2, 3, 4].map(done => ({ stage: 'prepare', done, of: 4 })));
  });
});

describe('prepare with anchors', () => {
  const anchors = {
    tissue: [{ roles: ['t1'], percentiles: [40, 90] as [number, number] }],
    rim: 4,
    level: 0.5,
    spread: 0.1,
    quantiles: { t1: 0.5, flair: 0.5 },
  };
  const rules = { ...manifest, normalization: { ...manifest.normalization, anchors } };

  it('gives every source the same level and spread', async () => {
    const given = volumes(['t1', sampled(sagittal, head)], ['flair', sampled(oblique, brighter)]);
    const { sources, region } = await prepare(given, 't1', await find(given, 't1'), rules);
    for (const { data } of sources.values()) {
      const [low, middle, high] = percentiles(data, region, [8, 50, 92]);
      expect((high - low) / 2.81).toBeCloseTo(0.1, 2);
      expect(Math.abs(middle - 0.5)).toBeLessThan(0.2);
      expect(data.every((v, i) => (region[i] ? v >= 0 && v <= 1.25 : v === 0))).toBe(true);
    }
  });
});

describe('prepare refuses', () => {
  it('a study with too little brain', async () => {
    const small = turnedGrid([20, 20, 20], [2, 2, 2], [0, 0, 0]);
    const given = volumes(['t2', sampled(small, head)]);
    const running = prepare(given, 't2', await find(given, 't2'), manifest);
    await expect(running).rejects.toMatchObject({ code: 'no-region' });
  });

  it('to go on when cancelled', async () => {
    const controller = new AbortController();
    const done: number[] = [];
    const stop = (step: Step) => {
      done.push(step.done);
      controller.abort();
    };
    const given = volumes(['t1', sampled(sagittal, head)]);
    const found = await find(given, 't1');
    const running = prepare(given, 't1', found, manifest, { onStep: stop, signal: controller.signal });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(done).toEqual([0]);
  });
});
