import { mat4, vec3 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { affineFromPlane, axisStep, indexToWorld, spacingOf, voxelCount, worldToIndex } from './Volume';

const near = (a: ArrayLike<number>, b: readonly number[]) => {
  expect(a.length).toBe(b.length);
  for (const [r, v] of b.entries()) expect(a[r]).toBeCloseTo(v, 4);
};

describe('affineFromPlane', () => {
  // A sagittal plane: columns run to the back, rows to the feet, slices to the left.
  const grid = {
    dims: [4, 5, 6] as [number, number, number],
    indexToWorld: affineFromPlane([10, -20, 30], [0, 1, 0], [0, 0, -1], [3, 0, 0], [0.5, 0.75]),
  };

  it('puts the first voxel at the position', () => {
    near(indexToWorld(grid, [0, 0, 0]), [10, -20, 30]);
  });

  it('steps along columns, rows and slices', () => {
    near(indexToWorld(grid, [1, 0, 0]), [10, -19.5, 30]);
    near(indexToWorld(grid, [0, 1, 0]), [10, -20, 29.25]);
    near(indexToWorld(grid, [0, 0, 2]), [16, -20, 30]);
    near(indexToWorld(grid, [0.5, 0, 0]), [10, -19.75, 30]);
  });

  it('gives spacing, steps and the number of voxels', () => {
    near(spacingOf(grid), [0.5, 0.75, 3]);
    near(axisStep(grid, 1), [0, 0, -0.75]);
    expect(voxelCount(grid)).toBe(120);
  });

  it('measures spacing along an oblique axis', () => {
    const oblique = {
      ...grid,
      indexToWorld: affineFromPlane([0, 0, 0], [0.6, 0.8, 0], [-0.8, 0.6, 0], [0, 1, 2], [2, 3]),
    };
    near(spacingOf(oblique), [2, 3, Math.sqrt(5)]);
  });
});

describe('worldToIndex', () => {
  it('undoes indexToWorld', () => {
    const grid = {
      dims: [2, 2, 2] as [number, number, number],
      indexToWorld: affineFromPlane([7, 8, 9], [0.6, 0.8, 0], [-0.8, 0.6, 0], [0, 0, 2], [2, 3]),
    };
    near(vec3.transformMat4([0, 0, 0], indexToWorld(grid, [3, -1, 5.5]), worldToIndex(grid)), [3, -1, 5.5]);
  });

  it('refuses a flat grid', () => {
    expect(() =>
      worldToIndex({ dims: [1, 1, 1], indexToWorld: mat4.fromScaling(mat4.create(), [1, 1, 0]) }),
    ).toThrow(RangeError);
  });
});
