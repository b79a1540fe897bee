import { mat4, type vec3 } from 'gl-matrix';
import { type Grid, indexToWorld, type Point3, type Volume, voxelCount } from '../volume/Volume';

/** A grid of the given spacing, turned by `angle` about `axis`, with its first voxel at `origin`. */
export function turnedGrid(
  dims: Point3,
  spacing: Point3,
  origin: Point3,
  angle = 0,
  axis: vec3 = [1, 2, 3],
): Grid {
  const m = mat4.fromTranslation(mat4.create(), origin);
  mat4.rotate(m, m, angle, axis);
  return { dims, indexToWorld: mat4.scale(m, m, spacing) };
}

/** A grid whose columns are the given world steps, LPS mm. */
export function gridOfSteps(dims: Point3, i: Point3, j: Point3, k: Point3, origin: Point3 = [0, 0, 0]): Grid {
  return { dims, indexToWorld: mat4.fromValues(...i, 0, ...j, 0, ...k, 0, ...origin, 1) };
}

/** A volume that samples a function of the world (LPS mm) at its voxel centres. */
export function sampled(grid: Grid, f: (world: Point3) => number): Volume {
  const data = new Float32Array(voxelCount(grid));
  eachVoxel(grid, (index, at) => {
    data[at] = f(indexToWorld(grid, index));
  });
  return { ...grid, data };
}

export function eachVoxel({ dims }: Grid, visit: (index: Point3, at: number) => void): void {
  for (let k = 0, at = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) for (let i = 0; i < dims[0]; i++, at++) visit([i, j, k], at);
  }
}

/** A linear function of the world, which trilinear interpolation reproduces. */
export const linear = ([x, y, z]: Point3): number => 100 + 0.5 * x - 0.8 * y + 0.3 * z;
