import { describe, expect, it } from 'vitest';
import type { RoleId } from '../domains/Role';
import { mulberry32 } from '../inference/mulberry32';
import { eachVoxel, gridOfSteps } from '../testing/linear';
import { indexToWorld, type Point3, type Volume, voxelCount } from '../volume/Volume';
import { describeStack } from './describeStack';
import { groupName, groupsOf } from './InputFeatures';

const grid = gridOfSteps([64, 72, 40], [1, 0, 0], [0, 1, 0], [0, 0, 1]);
const coarse = gridOfSteps([32, 36, 20], [2, 0, 0], [0, 2, 0], [0, 0, 2]);
const radius = ([x, y, z]: Point3) => Math.hypot((x - 32) / 28, (y - 36) / 32, (z - 20) / 18);
const inside = maskOf(grid);
const region = { grid: coarse, mask: maskOf(coarse) };

function maskOf(of: typeof grid): Uint8Array {
  const mask = new Uint8Array(voxelCount(of));
  eachVoxel(of, (index, at) => {
    mask[at] = radius(indexToWorld(of, index)) < 1 ? 1 : 0;
  });
  return mask;
}

/** A normalized source, 0 outside the region. */
function source(value: (world: Point3) => number): Volume {
  const data = new Float32Array(voxelCount(grid));
  eachVoxel(grid, (index, at) => {
    if (inside[at]) data[at] = Math.max(0, value(index));
  });
  return { ...grid, data };
}

const folds = ([x, y, z]: Point3) => 0.5 + 0.25 * Math.sin(x / 3) * Math.cos(y / 4 + z / 5);
const random = mulberry32(5);
const texture = Float32Array.from({ length: voxelCount(grid) }, () => random());
const speckle = ([x, y, z]: Point3) => texture[x + 64 * (y + 72 * z)];
const t1 = source(folds);
const features = (sources: Record<RoleId, Volume>, mask = inside, found = region) =>
  describeStack(new Map(Object.entries(sources)), mask, found);
const of = (volume: Volume) => features({ t1: volume }).sources.get('t1')!;
const pair = (a: Volume, b: Volume) => features({ t1: a, t2: b }).pairs[0].features;

describe('features of a source', () => {
  const sound = of(t1);

  it('rise with noise', () => {
    const random = mulberry32(3);
    const noisy = of(source(world => folds(world) + 0.1 * (random() - 0.5)));
    expect(noisy.noise).toBeGreaterThan(sound.noise + 0.3);
    expect(noisy.grain).toBeGreaterThan(sound.grain + 0.1);
    expect(noisy.sharpness_i).toBeGreaterThan(sound.sharpness_i + 0.05);
  });

  it('tell a smoother image', () => {
    const smooth = of(source(([x, y, z]) => folds([x / 2, y / 2, z / 2])));
    expect(smooth.edges).toBeLessThan(sound.edges - 0.1);
    expect(smooth.sharpness_j).toBeLessThan(sound.sharpness_j);
  });

  it.each([
    ['shading_i', 0],
    ['shading_j', 1],
    ['shading_k', 2],
  ] as const)('tell where it is brighter (%s)', (name, axis) => {
    const shaded = of(source(world => folds(world) + 0.004 * (world[axis] - [32, 36, 20][axis])));
    expect(shaded[name]).toBeGreaterThan(sound[name] + 0.1);
  });

  it('tell a blurred texture', () => {
    const of3 = ([x, y, z]: Point3) =>
      (speckle([x - 1, y, z]) + speckle([x, y, z]) + speckle([x + 1, y, z])) / 3;
    expect(of(source(of3)).grain).toBeLessThan(of(source(speckle)).grain - 0.1);
  });

  it.each([
    ['repetition_i', 0],
    ['repetition_j', 1],
  ] as const)('tell copies of the anatomy along one axis (%s)', (name, axis) => {
    const moved = ([x, y, z]: Point3): Point3 => (axis === 0 ? [(x + 17) % 64, y, z] : [x, (y + 17) % 72, z]);
    const ghosts = of(source(at => speckle(at) + 0.5 * speckle(moved(at))));
    const other = name === 'repetition_i' ? 'repetition_j' : 'repetition_i';
    expect(of(source(speckle))[name]).toBeLessThan(0.1);
    expect(ghosts[name]).toBeGreaterThan(0.3);
    expect(ghosts[other]).toBeLessThan(0.1);
  });

  it('count what has no signal', () => {
    expect(sound.floor).toBe(0);
    expect(of(source(world => (world[0] < 32 ? 0 : folds(world)))).floor).toBeCloseTo(0.5, 1);
  });

  it('tell a bright rim from a dark one', () => {
    const rim = (bright: number) => of(source(at => (radius(at) > 0.9 ? bright : folds(at)))).rim;
    expect(rim(1)).toBeGreaterThan(rim(0) + 1);
  });

  it('are finite for a constant image and for one without signal', () => {
    for (const value of [0, 0.5, 1.27]) {
      const groups = groupsOf(features({ t1, t2: source(() => value) }));
      for (const { features: own } of groups) expect(Object.values(own).every(Number.isFinite)).toBe(true);
    }
  });

  it('hold on the slices to synthesize alone', () => {
    const plane = grid.dims[0] * grid.dims[1];
    const thick = inside.map((v, n) => (Math.floor(n / plane) % 5 === 2 ? v : 0));
    const broken = source(world => (world[2] % 5 === 2 ? folds(world) : 0));
    const own = features({ t1: broken }, thick).sources.get('t1')!;
    expect(own.floor).toBe(0);
    expect(Math.abs(own.q50 - sound.q50)).toBeLessThan(0.05);
  });
});

describe('features of a pair', () => {
  const inverted = source(world => 1 - folds(world));
  const elsewhere = source(([x, y, z]) => folds([x + 5, y + 7, z]));

  it('know that contrasts are inverse', () => {
    expect(pair(t1, inverted)).toMatchObject({
      edge_places: expect.closeTo(1),
      edge_axes: expect.closeTo(1),
    });
    expect(pair(t1, inverted).correlation).toBeCloseTo(-1);
    expect(pair(t1, inverted).edge_signs).toBeCloseTo(-1);
    expect(pair(t1, t1).edge_signs).toBeCloseTo(1);
  });

  it('fall where the anatomy lies elsewhere', () => {
    expect(pair(t1, elsewhere).edge_axes).toBeLessThan(0.8);
    expect(pair(t1, elsewhere).edge_places).toBeLessThan(0.7);
  });

  it('exist for every two sources, whatever their order', () => {
    const names = (sources: Record<RoleId, Volume>) =>
      groupsOf(features(sources)).map(({ roles }) => groupName(roles));
    expect(names({ t2: t1, t1, flair: t1 })).toEqual([
      't2',
      't1',
      'flair',
      't1+t2',
      'flair+t2',
      'flair+t1',
      'region',
    ]);
    expect(pair(elsewhere, t1).edge_axes).toBeCloseTo(pair(t1, elsewhere).edge_axes, 6);
  });
});

describe('features of the region', () => {
  const sound = features({ t1 }).region;

  it('measure it in millimetres', () => {
    expect(sound.width).toBeCloseTo(56, -1);
    expect(sound.height).toBeCloseTo(36, -1);
    expect(Math.exp(sound.volume)).toBeCloseTo((4 / 3) * Math.PI * 28 * 32 * 18 * 1e-3, -1);
    expect(sound.symmetry).toBeGreaterThan(0.95);
    expect(Math.abs(sound.offset_k)).toBeLessThan(0.03);
  });

  it('tell a head that stands on its crown', () => {
    // A cerebellum: a part of the region at its base and back.
    const mask = region.mask.map((v, n) => (n < 32 * 36 * 6 && Math.floor(n / 32) % 36 < 18 ? 0 : v));
    const up = features({ t1 }, inside, { ...region, mask }).region;
    const turned = mask.map((_, n) => mask[(n % (32 * 36)) + 32 * 36 * (19 - Math.floor(n / (32 * 36)))]);
    const down = features({ t1 }, inside, { ...region, mask: turned }).region;
    expect(Math.abs(sound.base_offset_j)).toBeLessThan(0.02);
    expect(up.base_offset_j).toBeGreaterThan(0.1);
    expect(down.base_offset_j).toBeCloseTo(-up.base_offset_j, 6);
    expect(down.volume).toBeCloseTo(up.volume, 6);
  });

  it('tell that a part is missing', () => {
    const mask = region.mask.map((v, n) => (n % 32 > 19 && Math.floor(n / 32) % 36 < 18 ? 0 : v));
    const cut = features({ t1 }, inside, { ...region, mask }).region;
    expect(cut.symmetry).toBeLessThan(sound.symmetry - 0.05);
    expect(cut.roundness).toBeLessThan(sound.roundness);
  });
});
