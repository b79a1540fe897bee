import { mat4, vec3 } from 'gl-matrix';

export type Point3 = [number, number, number];

/** A voxel grid in space. */
export interface Grid {
  /** Number of voxels along i (columns), j (rows), k (slices). */
  readonly dims: Point3;
  /** Affine from voxel index (i, j, k; voxel centres) to world, LPS mm; gl-matrix column-major. */
  readonly indexToWorld: mat4;
}

/** Scalar voxels on a grid; `data[i + dims[0] * (j + dims[1] * k)]`. */
export interface Volume extends Grid {
  readonly data: Float32Array;
}

/**
 * Affine from voxel index to LPS mm, from DICOM plane attributes (PS3.3 C.7.6.2.1.1).
 * @param position ImagePositionPatient of slice 0, LPS mm
 * @param rowCosines first triple of ImageOrientationPatient: direction of increasing column index i
 * @param columnCosines second triple: direction of increasing row index j
 * @param sliceStep vector from slice k to slice k + 1, LPS mm
 * @param spacing [along i, along j] in mm; PixelSpacing has the reverse order, [j, i]
 */
export function affineFromPlane(
  position: Point3,
  rowCosines: Point3,
  columnCosines: Point3,
  sliceStep: Point3,
  spacing: readonly [number, number],
): mat4 {
  const [si, sj] = spacing;
  // biome-ignore format: one column of the matrix per line
  return mat4.fromValues(
    rowCosines[0] * si, rowCosines[1] * si, rowCosines[2] * si, 0,
    columnCosines[0] * sj, columnCosines[1] * sj, columnCosines[2] * sj, 0,
    sliceStep[0], sliceStep[1], sliceStep[2], 0,
    position[0], position[1], position[2], 1,
  );
}

/** Number of voxels of a grid. */
export function voxelCount({ dims }: Grid): number {
  return dims[0] * dims[1] * dims[2];
}

/** The k-th column of the affine: the world vector of one step along axis k, LPS mm. */
export function axisStep({ indexToWorld: m }: Grid, axis: 0 | 1 | 2): Point3 {
  return [m[4 * axis], m[4 * axis + 1], m[4 * axis + 2]];
}

/** Millimetres between neighbouring voxel centres along i, j, k. */
export function spacingOf(grid: Grid): Point3 {
  const length = (axis: 0 | 1 | 2) => vec3.length(axisStep(grid, axis));
  return [length(0), length(1), length(2)];
}

/** World position (LPS mm) of a voxel index, which may be fractional. */
export function voxelMillilitres(grid: Grid): number {
  return spacingOf(grid).reduce((product, mm) => product * mm, 1) / 1000;
}

export function indexToWorld(grid: Grid, index: Point3): Point3 {
  return vec3.transformMat4([0, 0, 0], index, grid.indexToWorld) as Point3;
}

/** Affine from world (LPS mm) to voxel index; throws a RangeError when the grid has no volume. */
export function worldToIndex(grid: Grid): mat4 {
  const inverse = mat4.invert(mat4.create(), grid.indexToWorld);
  if (!inverse) throw new RangeError('The affine of the volume cannot be inverted.');
  return inverse;
}
