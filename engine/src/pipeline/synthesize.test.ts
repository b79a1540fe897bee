import { beforeAll, describe, expect, it } from 'vitest';
import { findBrain } from '../domains/brain-mr/region/findBrain';
import type { RoleId } from '../domains/Role';
import type { Network, Tensor } from '../inference/Runtime';
import { METHODS } from '../methods';
import { PROGRESS_TOTAL, ProgressMeter, type Step, stageName } from '../progress';
import { BRAIN_CENTRE, head, radius } from '../testing/head';
import { eachVoxel, gridOfSteps, sampled, turnedGrid } from '../testing/linear';
import { fakeBrain, tinyBrainManifest } from '../testing/tinyBrain';
import { tinyManifest } from '../testing/tinyManifest';
import { indexToWorld, type Volume } from '../volume/Volume';
import { type Synthesis, type SynthesisRequest, synthesize } from './synthesize';

const manifest = tinyManifest();
const model = { manifest, method: METHODS[0] };
const { slab } = manifest.grid;

/** The middle one of neighbouring slices of one contrast, for every role: -> [slab, roles, H, W]. */
function middleSlices({ dims, data }: Tensor, role: RoleId): Tensor {
  const { roles, grid } = manifest;
  const [n, depth, rows, columns] = dims;
  const channel = (depth / roles.length) * roles.indexOf(role) + grid.neighbours;
  const plane = rows * columns;
  const out = new Float32Array(n * roles.length * plane);
  for (let s = 0; s < n; s++) {
    const middle = data.subarray((s * depth + channel) * plane, (s * depth + channel + 1) * plane);
    for (let c = 0; c < roles.length; c++) out.set(middle, (s * roles.length + c) * plane);
  }
  return { dims: [n, roles.length, rows, columns], data: out };
}

/** Networks that predict the T2 source for every target, and an error of 0.1. */
function identity(): Network {
  return {
    async run({ images }): Promise<Record<string, Tensor>> {
      const mean = middleSlices(images, 't2');
      const [n, , rows, columns] = mean.dims;
      const lesion = [n, manifest.lesions.length, rows / 2, columns / 2];
      return {
        mean,
        scale: { dims: mean.dims, data: mean.data.map(() => 0.1) },
        lesion: { dims: lesion, data: new Float32Array(lesion.reduce((a, b) => a * b)) },
      };
    },
    async release() {},
  };
}

const [cx, cy, cz] = BRAIN_CENTRE;
// Coronal, flipped left to right, slightly turned against the other.
const t2 = sampled(
  gridOfSteps([64, 60, 46], [-2.5, 0, 0], [0, 0, -2.8], [0, 4, 0], [cx + 79, cy - 90, cz + 83]),
  head,
);
const t1 = sampled(turnedGrid([54, 62, 44], [3, 3, 4], [cx - 79, cy - 91, cz - 86], 0.06), head);

async function request(more: Partial<SynthesisRequest> = {}): Promise<SynthesisRequest> {
  const sources = new Map([['t1', t1] as const, ['t2', t2] as const]);
  const given = { sources, reference: 't2', ...more } as const;
  const region = await findBrain(given.sources, given.reference, tinyBrainManifest(), () => fakeBrain);
  return { targets: [{ id: 'flair' }, { id: 't1ce' }], options: {}, seed: 1, region, ...given };
}

/**
 * How a result well inside the brain depends on the source's values: the source is linear and so is its
 * normalization, so the darkest and the brightest voxel fix all between.
 */
function lineThrough(volume: Volume): { slope: number; error: number } {
  const pairs: [number, number][] = [];
  eachVoxel(volume, (index, at) => {
    const world = indexToWorld(volume, index);
    if (radius(world, -12) <= 1) pairs.push([head(world), volume.data[at]]);
  });
  expect(pairs.length).toBeGreaterThan(1000);
  pairs.sort(([a], [b]) => a - b);
  const [[x0, y0], [x1, y1]] = [pairs[0], pairs.at(-1)!];
  const slope = (y1 - y0) / (x1 - x0);
  const error = pairs.reduce((most, [x, y]) => Math.max(most, Math.abs(y - (y0 + slope * (x - x0)))), 0);
  return { slope, error };
}

describe.each(['t1', 't2'] as const)('synthesize on the grid of %s', reference => {
  const steps: Step[] = [];
  let results: Map<RoleId, Synthesis>;
  const grid = reference === 't1' ? t1 : t2;
  beforeAll(async () => {
    results = await synthesize(await request({ reference }), model, identity, step => steps.push(step));
  });

  it("gives every target the reference's grid", () => {
    expect([...results.keys()]).toEqual(['flair', 't1ce']);
    for (const { volume } of results.values()) {
      expect(volume.dims).toEqual(grid.dims);
      expect([...volume.indexToWorld]).toEqual([...grid.indexToWorld]);
      expect(volume.data).toHaveLength(grid.data.length);
    }
  });

  it('brings every voxel back to where it came from', () => {
    const { slope, error } = lineThrough(results.get('flair')!.volume);
    expect(slope).toBeGreaterThan(1 / 450);
    expect(error).toBeLessThan(2e-3);
  });

  it('is in range, and 0 away from the brain', () => {
    const { data } = results.get('t1ce')!.volume;
    // An expect for each voxel takes seconds.
    const wrong: number[] = [];
    eachVoxel(grid, (index, at) => {
      const inRange = data[at] >= 0 && data[at] <= manifest.normalization.ceiling + 1e-6;
      const isAway = radius(indexToWorld(grid, index), 20) > 1;
      if (!inRange || (isAway && data[at] !== 0)) wrong.push(at);
    });
    expect(wrong).toEqual([]);
  });

  it('tells the mean expected error', () => {
    expect(results.get('t1ce')!.errors().mean).toBeCloseTo(0.1, 5);
  });

  it('fills its stages in order', () => {
    const completed: number[] = [];
    const meter = new ProgressMeter(progress => completed.push(progress.completed));
    for (const step of steps) meter.step(step);
    expect([...new Set(steps.map(stageName))]).toEqual(['prepare', 'images']);
    expect(completed).toEqual([...completed].sort((a, b) => a - b));
    expect(steps.at(-1)!.done).toBe(steps.at(-1)!.of);
    expect(completed.at(-1)!).toBeLessThan(PROGRESS_TOTAL);
  });
});

describe('synthesize on thick slices', () => {
  it('paints them alone, each to its full value', async () => {
    const thick = sampled(turnedGrid([54, 62, 20], [3, 3, 9], [cx - 79, cy - 91, cz - 86], 0.06), head);
    const images: Step[] = [];
    const results = await synthesize(
      await request({
        sources: new Map([['t2', thick]]),
        targets: [{ id: 'flair' }],
      }),
      model,
      identity,
      step => stageName(step) === 'images' && images.push(step),
    );
    const { data } = results.get('flair')!.volume;
    const plane = thick.dims[0] * thick.dims[1];
    const painted = Array.from({ length: thick.dims[2] }, (_, k) => k).filter(k =>
      data.subarray(k * plane, (k + 1) * plane).some(v => v > 0.1),
    );
    expect(painted.length).toBeGreaterThan(10);
    expect(images).toHaveLength(manifest.members * Math.ceil(painted.length / slab));
    // A slice interpolated with one that was not painted would be darker.
    const { slope, error } = lineThrough(results.get('flair')!.volume);
    expect(slope).toBeGreaterThan(1 / 450);
    expect(error).toBeLessThan(2e-3);
  });
});

describe('synthesize', () => {
  it('stops when cancelled', async () => {
    const controller = new AbortController();
    const stop = (step: Step) => stageName(step) === 'images' && controller.abort();
    await expect(synthesize(await request(), model, identity, stop, controller.signal)).rejects.toMatchObject(
      {
        code: 'cancelled',
      },
    );
  });

  it('passes on what a network throws', async () => {
    const broken = (name: string): Network =>
      name === 'cunet-1'
        ? { run: () => Promise.reject(new Error('out of memory')), release: async () => {} }
        : identity();
    await expect(synthesize(await request({ targets: [{ id: 'flair' }] }), model, broken)).rejects.toThrow(
      'out of memory',
    );
  });
});
