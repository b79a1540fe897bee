import fc from 'fast-check';
import { mat4, vec3 } from 'gl-matrix';
import { expect, it } from 'vitest';
import { arbitraryGrid, between } from '../testing/arbitraryGrid';
import { canonicalGrid } from './modelGrid';
import { resample } from './resample';
import {
  axisStep,
  type Grid,
  indexToWorld,
  type Point3,
  type Volume,
  voxelCount,
  worldToIndex,
} from './Volume';

/** Affines are float32: 200 mm from the centre a voxel of 0.2 mm is found to some thousandths of it. */
const ROUNDED = 5e-3;

const size = fc.integer({ min: 1, max: 6 });
const anyGrid = fc.tuple(size, size, size).chain(arbitraryGrid);
const anyVolume: fc.Arbitrary<Volume> = anyGrid.chain(grid =>
  fc
    .array(between(-1000, 4000), { minLength: voxelCount(grid), maxLength: voxelCount(grid) })
    .map(values => ({ ...grid, data: Float32Array.from(values) })),
);

/** The same voxels in another order: its axes permuted, some of them backwards. */
function reordered(grid: Grid, order: readonly (0 | 1 | 2)[], backwards: readonly boolean[]): Grid {
  const first = order.map((_, r) => (backwards[r] ? grid.dims[r] - 1 : 0)) as Point3;
  const [x, y, z] = order.map(r => vec3.scale([0, 0, 0], axisStep(grid, r), backwards[r] ? -1 : 1) as Point3);
  const origin = indexToWorld(grid, first);
  return {
    dims: order.map(r => grid.dims[r]) as Point3,
    indexToWorld: mat4.fromValues(...x, 0, ...y, 0, ...z, 0, ...origin, 1),
  };
}

function expectSame(a: Volume, b: Volume): void {
  expect(a.dims).toEqual(b.dims);
  const range = Math.max(...b.data) - Math.min(...b.data);
  let largest = 0;
  for (const [n, v] of a.data.entries()) largest = Math.max(largest, Math.abs(v - b.data[n]));
  expect(largest).toBeLessThanOrEqual(ROUNDED * range);
}

it('a volume comes back from its own grid', () => {
  fc.assert(fc.property(anyVolume, volume => expectSame(resample(volume, volume, Number.NaN), volume)));
});

it('a volume comes back from a grid of the same voxels in another order', () => {
  const order = fc.constantFrom<(0 | 1 | 2)[]>(
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  );
  const backwards = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean());
  fc.assert(
    fc.property(anyVolume, order, backwards, (volume, order, backwards) => {
      const there = resample(volume, reordered(volume, order, backwards), Number.NaN);
      expectSame(resample(there, volume, Number.NaN), volume);
    }),
  );
});

it('no value is made up: on any grid all lie between those of the volume, or outside it', () => {
  fc.assert(
    fc.property(anyVolume, anyGrid, (volume, grid) => {
      const [low, high] = [Math.min(...volume.data), Math.max(...volume.data)];
      const slack = 1e-6 * (Math.abs(low) + Math.abs(high));
      const { dims, data } = resample(volume, grid, Number.NaN);
      expect(dims).toEqual(grid.dims);
      expect(data.every(v => Number.isNaN(v) || (v >= low - slack && v <= high + slack))).toBe(true);
    }),
  );
});

it('the patient’s grid covers the whole reference and is no mirror image of it', () => {
  const spacing = fc.tuple(between(0.5, 4), between(0.5, 4), between(0.5, 4));
  fc.assert(
    fc.property(anyGrid, spacing, (reference, spacing) => {
      const grid = canonicalGrid(reference, spacing);
      const toGrid = worldToIndex(grid);
      const outside = [0, 1, 2, 3, 4, 5, 6, 7]
        .map(n => reference.dims.map((size, r) => ((n >> r) & 1 ? size - 0.5 : -0.5)) as Point3)
        .map(corner => vec3.transformMat4([0, 0, 0], indexToWorld(reference, corner), toGrid) as Point3)
        .filter(at => at.some((v, r) => v < -0.51 || v > grid.dims[r] - 0.49));
      expect(outside).toEqual([]);
      expect(mat4.determinant(grid.indexToWorld)).toBeGreaterThan(0);
    }),
  );
});
