import { vec3 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { eachVoxel, gridOfSteps, turnedGrid } from '../testing/linear';
import { canonicalGrid, modelGrid } from './modelGrid';
import {
  axisStep,
  type Grid,
  indexToWorld,
  type Point3,
  spacingOf,
  voxelCount,
  worldToIndex,
} from './Volume';

const references: [string, Grid][] = [
  ['axial', gridOfSteps([20, 24, 10], [1, 0, 0], [0, 1, 0], [0, 0, 3], [-10, -12, -15])],
  ['flipped axial', gridOfSteps([20, 24, 10], [-1, 0, 0], [0, -1, 0], [0, 0, -3], [10, 12, 15])],
  ['sagittal', gridOfSteps([24, 28, 11], [0, 0.9, 0], [0, 0, -0.9], [3, 0, 0], [-15, -10, 12])],
  ['coronal', gridOfSteps([20, 28, 12], [1.1, 0, 0], [0, 0, -1.1], [0, 2.5, 0], [-9, -14, 16])],
  ['oblique', turnedGrid([20, 20, 12], [1, 1, 2], [-8, -12, -9], 0.35)],
];

const centreOf = (grid: Grid): Point3 => indexToWorld(grid, grid.dims.map(n => (n - 1) / 2) as Point3);

describe.each(references)('canonicalGrid of an %s reference', (_, reference) => {
  const spacing: Point3 = [2, 1.5, 2.5];
  const grid = canonicalGrid(reference, spacing);

  it('points to the left, the back and the head', () => {
    for (const axis of [0, 1, 2] as const) {
      const step = axisStep(grid, axis);
      expect(step[axis] / spacing[axis]).toBeGreaterThan(0.8);
      expect(vec3.length(step)).toBeCloseTo(spacing[axis], 4);
    }
  });

  it('lies along the axes of the reference', () => {
    const own = ([0, 1, 2] as const).map(a => vec3.normalize(vec3.create(), axisStep(reference, a)));
    for (const axis of [0, 1, 2] as const) {
      const direction = vec3.normalize(vec3.create(), axisStep(grid, axis));
      expect(Math.max(...own.map(o => Math.abs(vec3.dot(o, direction))))).toBeCloseTo(1, 5);
    }
  });

  it('shares the centre and covers every voxel', () => {
    for (const [r, v] of centreOf(reference).entries()) expect(centreOf(grid)[r]).toBeCloseTo(v, 3);
    const toGrid = worldToIndex(grid);
    for (const i of [-0.5, reference.dims[0] - 0.5]) {
      for (const j of [-0.5, reference.dims[1] - 0.5]) {
        for (const k of [-0.5, reference.dims[2] - 0.5]) {
          const at = vec3.transformMat4([0, 0, 0], indexToWorld(reference, [i, j, k]), toGrid);
          for (const r of [0, 1, 2]) {
            expect(at[r]).toBeGreaterThan(-0.5 - 1e-3);
            expect(at[r]).toBeLessThan(grid.dims[r] - 0.5 + 1e-3);
          }
        }
      }
    }
  });
});

describe('canonicalGrid', () => {
  it('keeps slices as slices in a plane just short of the diagonal', () => {
    const tilt = (40 * Math.PI) / 180;
    const [c, s] = [Math.cos(tilt), Math.sin(tilt)];
    const grid = canonicalGrid(gridOfSteps([10, 10, 10], [1, 0, 0], [0, c, s], [0, -s, c]), [1, 1, 1]);
    for (const [r, v] of [0, -s, c].entries()) expect(axisStep(grid, 2)[r]).toBeCloseTo(v, 5);
  });
});

describe('modelGrid', () => {
  const maskGrid = canonicalGrid(references[4][1], [2, 2, 2]);
  const box = (low: Point3, high: Point3) => {
    const mask = new Uint8Array(voxelCount(maskGrid));
    eachVoxel(maskGrid, (index, at) => {
      mask[at] = index.every((v, r) => v >= low[r] && v <= high[r]) ? 1 : 0;
    });
    return mask;
  };

  it('centres the size asked on the mask', () => {
    const grid = modelGrid(maskGrid, box([1, 2, 3], [6, 5, 9]), [1, 1.5, 1], [30, 26]);
    expect(grid.dims.slice(0, 2)).toEqual([30, 26]);
    const centre = indexToWorld(maskGrid, [3.5, 3.5, 6]);
    for (const [r, v] of centre.entries()) expect(centreOf(grid)[r]).toBeCloseTo(v, 3);
    for (const [r, v] of [1, 1.5, 1].entries()) expect(spacingOf(grid)[r]).toBeCloseTo(v, 4);
  });

  it('points where the mask grid points', () => {
    const grid = modelGrid(maskGrid, box([1, 2, 3], [6, 5, 9]), [1, 3, 0.5], [8, 8]);
    for (const axis of [0, 1, 2] as const) {
      const [a, b] = [axisStep(grid, axis), axisStep(maskGrid, axis)];
      expect(vec3.angle(a, b)).toBeLessThan(1e-3);
    }
  });

  it('has slices enough for the mask', () => {
    const mask = box([0, 0, 2], [1, 1, 4]);
    expect(modelGrid(maskGrid, mask, [1, 1, 3.5], [8, 8]).dims[2]).toBe(2);
    expect(modelGrid(maskGrid, mask, [1, 1, 100], [8, 8]).dims[2]).toBe(1);
  });

  it('refuses an empty mask', () => {
    expect(() => modelGrid(maskGrid, new Uint8Array(voxelCount(maskGrid)), [1, 1, 1], [8, 8])).toThrow(
      RangeError,
    );
  });
});
