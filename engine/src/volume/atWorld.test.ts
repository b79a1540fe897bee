import { mat4 } from 'gl-matrix';
import { expect, it } from 'vitest';
import { valueAtWorld, voxelAtWorld } from './atWorld';
import { indexToWorld, type Point3, type Volume } from './Volume';

/** 4 x 3 x 2 voxels of 2 x 3 x 5 mm, oblique, with the value i + 10 j + 100 k. */
function ramp(): Volume {
  const affine = mat4.fromTranslation(mat4.create(), [-20, 7, 30]);
  mat4.rotateX(affine, affine, 0.4);
  mat4.scale(affine, affine, [2, 3, 5]);
  const data = Float32Array.from(
    { length: 24 },
    (_, n) => (n % 4) + 10 * (Math.floor(n / 4) % 3) + 100 * Math.floor(n / 12),
  );
  return { dims: [4, 3, 2], indexToWorld: affine, data };
}

it('interpolates at a world position', () => {
  const volume = ramp();
  for (const [i, j, k] of [
    [0, 0, 0],
    [3, 2, 1],
    [1.25, 0.5, 0.75],
  ] satisfies Point3[])
    expect(valueAtWorld(volume, indexToWorld(volume, [i, j, k]))).toBeCloseTo(i + 10 * j + 100 * k, 3);
  expect(valueAtWorld(volume, indexToWorld(volume, [1, 1, 1.7]))).toBeNaN();
});

it('finds the voxel around a world position', () => {
  const volume = ramp();
  expect(voxelAtWorld(volume, indexToWorld(volume, [1.4, 1.6, 0.2]))).toEqual([1, 2, 0]);
  expect(voxelAtWorld(volume, indexToWorld(volume, [3.6, 1, 0]))).toBeUndefined();
  expect(voxelAtWorld(volume, indexToWorld(volume, [0, 0, -0.6]))).toBeUndefined();
});
