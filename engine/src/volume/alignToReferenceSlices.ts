import { mat4, vec3 } from 'gl-matrix';
import { axisStep, type Grid, spacingOf, worldToIndex } from './Volume';

/** Largest relative change of the slice spacing; training scaled patients by as much. */
const MAX_STRETCH = 0.2;

/**
 * Aligns the slices of the model's grid with those of a thick reference, so that only these need synthesis.
 * Stretches the grid along k by at most a fifth and shifts it by less than a slice.
 * @param grid of the model, its axes along those of `reference`
 * @returns the grid, and its slices to synthesize, as ascending indices along k; `grid` itself with all
 *   slices when the reference's slices are thin or along another axis
 */
export function alignToReferenceSlices(grid: Grid, reference: Grid): { grid: Grid; slices: number[] } {
  const unchanged = { grid, slices: range(grid.dims[2]) };
  const [spacing, thickness] = [spacingOf(grid)[2], spacingOf(reference)[2]];
  const step = vec3.scale(vec3.create(), axisStep(grid, 2), 1 / spacing);
  const between = Math.round(thickness / spacing);
  const fitted = thickness / between;
  const along = Math.abs(vec3.dot(step, axisStep(reference, 2))) / thickness;
  if (between < 2 || along < 0.999 || Math.abs(fitted / spacing - 1) > MAX_STRETCH) return unchanged;

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
