import { mat4, vec3 } from 'gl-matrix';
import { axisStep, type Grid, spacingOf, worldToIndex } from './Volume';

/** Largest relative change of the slice spacing; training scaled patients by as much. */
const MAX_STRETCH = 0.2;
/** Largest relative difference of two pixel spacings that are the same. */
const SAME = 1e-3;
/** Least cosine of two axes that are parallel. */
const PARALLEL = 0.999;

/**
 * Aligns the model's grid with the reference, so that as little as possible is interpolated on the way to the
 * networks and back: voxels with voxels where the spacing in plane is the same, slices with slices of a thick
 * reference, of which only these need synthesis. Shifts the grid by less than a voxel, and stretches it along
 * k by at most a fifth.
 * @param grid of the model, its axes along those of `reference`
 * @returns the grid, and its slices to synthesize, as ascending indices along k: all where the reference's
 *   slices are thinner, or along another axis
 */
export function alignToReference(grid: Grid, reference: Grid): { grid: Grid; slices: number[] } {
  return alignSlices(alignPixels(grid, reference), reference);
}

/** `grid` shifted in plane by at most half a pixel. */
function alignPixels(grid: Grid, reference: Grid): Grid {
  const first = mat4.getTranslation(vec3.create(), reference.indexToWorld);
  const place = vec3.transformMat4(vec3.create(), first, worldToIndex(grid));
  const shift = vec3.create();
  for (const axis of [0, 1] as const) {
    if (sameSpacing(grid, reference, axis)) shift[axis] = place[axis] - Math.round(place[axis]);
  }
  if (vec3.length(shift) < SAME) return grid;
  return { ...grid, indexToWorld: mat4.translate(mat4.create(), grid.indexToWorld, shift) };
}

/** Whether the reference has an axis of this direction with the same spacing. */
function sameSpacing(grid: Grid, reference: Grid, axis: 0 | 1): boolean {
  const spacing = spacingOf(grid)[axis];
  return ([0, 1, 2] as const).some(other => {
    const theirs = spacingOf(reference)[other];
    const cosine = vec3.dot(axisStep(grid, axis), axisStep(reference, other)) / (spacing * theirs);
    return Math.abs(cosine) > PARALLEL && Math.abs(theirs / spacing - 1) < SAME;
  });
}

function alignSlices(grid: Grid, reference: Grid): { grid: Grid; slices: number[] } {
  const unchanged = { grid, slices: range(grid.dims[2]) };
  const [spacing, thickness] = [spacingOf(grid)[2], spacingOf(reference)[2]];
  const step = vec3.scale(vec3.create(), axisStep(grid, 2), 1 / spacing);
  const between = Math.round(thickness / spacing);
  const fitted = thickness / between;
  const along = Math.abs(vec3.dot(step, axisStep(reference, 2))) / thickness;
  if (between < 1 || along < PARALLEL || Math.abs(fitted / spacing - 1) > MAX_STRETCH) return unchanged;

  // Positions of the reference's slices on the k axis of the grid, mm from its first slice.
  const origin = mat4.getTranslation(vec3.create(), reference.indexToWorld);
  const first = vec3.transformMat4(vec3.create(), origin, worldToIndex(grid))[2] * spacing;
  const direction = Math.sign(vec3.dot(step, axisStep(reference, 2)));
  const [low, high] = [-spacing / 2, (grid.dims[2] - 0.5) * spacing];
  const inside = range(reference.dims[2])
    .map(k => first + direction * k * thickness)
    .filter(at => at >= low && at <= high)
    .sort((a, b) => a - b);
  if (inside.length === 0) return unchanged;
  const before = Math.ceil((inside[0] - low) / fitted - 0.5);
  const after = Math.ceil((high - inside.at(-1)!) / fitted - 0.5);
  const slices = inside.map((_, n) => before + n * between);
  return {
    grid: respaceSlices(grid, inside[0] - before * fitted, fitted, slices.at(-1)! + after + 1),
    slices,
  };
}

/** `grid` with its first slice shifted along k by `shift` mm, and `depth` slices `spacing` mm apart. */
function respaceSlices(grid: Grid, shift: number, spacing: number, depth: number): Grid {
  const own = spacingOf(grid)[2];
  const affine = mat4.translate(mat4.create(), grid.indexToWorld, [0, 0, shift / own]);
  return {
    dims: [grid.dims[0], grid.dims[1], depth],
    indexToWorld: mat4.scale(affine, affine, [1, 1, spacing / own]),
  };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
