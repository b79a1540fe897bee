import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { gridOfSlices, slicesAround, slicesNear } from './sliceRange';
import { type Grid, indexToWorld, type Point3 } from './Volume';

/** Axial, voxels of `spacing` mm, its first slice `z` mm above the origin. */
function axial(dims: Point3, spacing: Point3, z = 0): Grid {
  const placed = mat4.fromTranslation(mat4.create(), [0, 0, z]);
  return { dims, indexToWorld: mat4.scale(placed, placed, spacing) };
}

const indices = (grid: Grid) => Array.from({ length: grid.dims[2] }, (_, k) => k);

describe('slices of a grid', () => {
  const grid = axial([4, 4, 20], [1, 1, 2]);

  it('are those around a position, moved inwards at the ends', () => {
    expect(slicesAround(grid, [0, 0, 20], 9)).toEqual({ from: 7, to: 15 });
    expect(slicesAround(grid, [0, 0, -50], 9)).toEqual({ from: 1, to: 9 });
    expect(slicesAround(grid, [0, 0, 37], 9)).toEqual({ from: 12, to: 20 });
    expect(slicesAround(grid, [0, 0, 3], 30)).toEqual({ from: 1, to: 20 });
    expect(slicesAround(grid, undefined, 9)).toEqual({ from: 7, to: 15 });
  });

  it('lie where they lie in it', () => {
    const part = gridOfSlices(grid, { from: 7, to: 15 });
    expect(part.dims).toEqual([4, 4, 9]);
    expect(indexToWorld(part, [1, 2, 0])).toEqual(indexToWorld(grid, [1, 2, 6]));
  });

  it.each([
    { from: 0, to: 3 },
    { from: 5, to: 4 },
    { from: 12, to: 21 },
  ])('are refused where there are none: $from to $to', range => {
    expect(() => gridOfSlices(grid, range)).toThrow(RangeError);
  });
});

describe('the slices that a part is interpolated from', () => {
  const part = axial([4, 4, 3], [1, 1, 1], 10);

  it('are its own where they coincide', () => {
    const model = axial([8, 8, 30], [1, 1, 1]);
    expect(slicesNear(model, indices(model), part)).toEqual([10, 11, 12]);
  });

  it('have a neighbour on both sides where they do not', () => {
    const model = axial([8, 8, 30], [1, 1, 1], 0.4);
    expect(slicesNear(model, indices(model), part)).toEqual([9, 10, 11, 12]);
  });

  it('are counted in the slices of the model, thicker or thinner', () => {
    const thick = axial([8, 8, 30], [1, 1, 4]);
    expect(slicesNear(thick, indices(thick), part)).toEqual([2, 3]);
    const thin = axial([8, 8, 80], [1, 1, 0.5]);
    expect(slicesNear(thin, indices(thin), part)).toEqual([20, 21, 22, 23, 24]);
  });

  it('are all that are given where the part lies across them', () => {
    const turned = mat4.fromYRotation(mat4.create(), Math.PI / 2);
    const sagittal: Grid = { dims: [4, 4, 3], indexToWorld: turned };
    const model = axial([8, 8, 30], [1, 1, 1]);
    expect(slicesNear(model, [3, 4, 9], sagittal)).toEqual([3, 4, 9]);
  });

  it('follow a flipped axis', () => {
    const flipped = axial([8, 8, 30], [1, 1, -1], 29);
    expect(slicesNear(flipped, indices(flipped), part)).toEqual([17, 18, 19]);
  });
});
