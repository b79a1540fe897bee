import { mat4, vec3 } from 'gl-matrix';
import { type Grid, type Point3, worldToIndex } from './Volume';

/** Slices of a series along k of its volume, counted from 1; both ends are meant. */
export interface SliceRange {
  readonly from: number;
  readonly to: number;
}

/** Of slices that are nearer than this to another, that one is enough: rounding of affines, in slices. */
const ROUNDING = 1e-3;

/** How many they are. */
export function sliceCount({ from, to }: SliceRange): number {
  return to - from + 1;
}

/** The `count` slices around a position, LPS mm, or around the middle; all of a grid that has fewer. */
export function slicesAround(grid: Grid, position: Point3 | undefined, count: number): SliceRange {
  const depth = grid.dims[2];
  const at = position
    ? Math.round(vec3.transformMat4(vec3.create(), position, worldToIndex(grid))[2])
    : Math.floor(depth / 2);
  const first = Math.max(0, Math.min(at - Math.floor(count / 2), depth - count));
  return { from: first + 1, to: Math.min(depth, first + count) };
}

/** These slices of a grid, as a grid. @throws RangeError where it does not have them */
export function gridOfSlices({ dims, indexToWorld }: Grid, range: SliceRange): Grid {
  const { from, to } = range;
  if (from < 1 || to < from || to > dims[2]) throw new RangeError(`There are no slices ${from} to ${to}.`);
  return {
    dims: [dims[0], dims[1], sliceCount(range)],
    indexToWorld: mat4.translate(mat4.create(), indexToWorld, [0, 0, from - 1]),
  };
}

/**
 * Of the slices of one grid those that `part` is interpolated from: some of their voxels lie between its
 * slices, or less than a voxel from them.
 * @param slices indices along k of `grid`
 */
export function slicesNear(grid: Grid, slices: readonly number[], part: Grid): number[] {
  const m = mat4.multiply(mat4.create(), worldToIndex(part), grid.indexToWorld);
  const along = [m[2], m[6], m[10]];
  const reach = Math.hypot(...along) - ROUNDING;
  // Where k of `part` lies on a slice, over its four corners.
  const across = [along[0] * (grid.dims[0] - 1), along[1] * (grid.dims[1] - 1)];
  const [least, most] = [Math.min, Math.max].map(of => of(0, across[0]) + of(0, across[1]));
  return slices.filter(k => {
    const at = m[14] + along[2] * k;
    return at + most > -reach && at + least < part.dims[2] - 1 + reach;
  });
}
