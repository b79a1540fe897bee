import { mat4, vec3 } from 'gl-matrix';
import { axisStep, type Grid, spacingOf, worldToIndex } from './Volume';

/** The model's grid, and which of its slices (indices along k, rising) a result is wanted on. */
export interface WantedSlices {
  grid: Grid;
  slices: readonly number[];
}

/** How far the distance of the model's slices may be stretched or squeezed: training varied heads by as much. */
const STRETCH = 0.2;

/**
 * Lets the slices of a thick reference fall on slices of the model's grid, so that they alone need be synthesized, not
 * the several times as many between them. The grid is stretched along k by at most a fifth and moved by less than a slice.
 * @param grid the model's, its axes along those of `reference`
 * @returns `grid` as it is with all its slices where the reference's own are thin or lie along another axis
 */
export function wantedSlices(grid: Grid, reference: Grid): WantedSlices {
  const every = { grid, slices: range(grid.dims[2]) };
  const [spacing, thickness] = [spacingOf(grid)[2], spacingOf(reference)[2]];
  const step = vec3.scale(vec3.create(), axisStep(grid, 2), 1 / spacing);
  const between = Math.round(thickness / spacing);
  const fitted = thickness / between;
  const along = Math.abs(vec3.dot(step, axisStep(reference, 2))) / thickness;
  if (between < 2 || along < 0.999 || Math.abs(fitted / spacing - 1) > STRETCH) return every;

  // Where the reference's slices lie on the grid's k axis, mm from its first slice.
  const origin = mat4.getTranslation(vec3.create(), reference.indexToWorld);
  const first = vec3.transformMat4(vec3.create(), origin, worldToIndex(grid))[2] * spacing;
  const direction = Math.sign(vec3.dot(step, axisStep(reference, 2)));
  const [low, high] = [-spacing / 2, (grid.dims[2] - 0.5) * spacing];
  const inside = range(reference.dims[2])
    .map(k => first + direction * k * thickness)
    .filter(at => at >= low && at <= high)
    .sort((a, b) => a - b);
  if (inside.length === 0) return every;
  const before = Math.ceil((inside[0] - low) / fitted - 0.5);
  const after = Math.ceil((high - inside.at(-1)!) / fitted - 0.5);
  const slices = inside.map((_, n) => before + n * between);
  return { grid: alongK(grid, inside[0] - before * fitted, fitted, slices.at(-1)! + after + 1), slices };
}

/** `grid` with its first slice moved along k by `shift` mm, slices `spacing` mm apart, `depth` of them. */
function alongK(grid: Grid, shift: number, spacing: number, depth: number): Grid {
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
