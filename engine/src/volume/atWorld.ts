import { vec3 } from 'gl-matrix';
import { trilinear } from './interpolate';
import { type Grid, type Point3, type Volume, worldToIndex } from './Volume';

/** Value at a world position (LPS mm), trilinear; NaN outside the volume. */
export function valueAtWorld(volume: Volume, world: Point3): number {
  const [x, y, z] = vec3.transformMat4([0, 0, 0], world, worldToIndex(volume));
  return trilinear(volume.data, ...volume.dims, x, y, z);
}

/** Index of the voxel that contains a world position (LPS mm); undefined outside the grid. */
export function voxelAtWorld(grid: Grid, world: Point3): Point3 | undefined {
  const [x, y, z] = vec3.transformMat4([0, 0, 0], world, worldToIndex(grid));
  const index: Point3 = [Math.round(x), Math.round(y), Math.round(z)];
  return index.every((n, axis) => n >= 0 && n < grid.dims[axis]) ? index : undefined;
}
