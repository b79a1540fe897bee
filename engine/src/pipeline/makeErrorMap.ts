import { mat4 } from 'gl-matrix';
import { nextTask } from '../errors';
import { type ErrorMap, percentOf } from '../volume/ErrorMap';
import { resample } from '../volume/resample';
import { type Grid, voxelCount } from '../volume/Volume';
import { type CompactErrors, expandErrors, expandLesions } from './CompactErrors';

/**
 * The error map of a result, from what was kept of it; a region only where it holds anything. Yields to the
 * event loop after each slice.
 * @param grid of the result
 */
export async function makeErrorMap(kept: CompactErrors, grid: Grid): Promise<ErrorMap> {
  const { unit, full, region, dims, indexToWorld } = kept;
  const expected = expandErrors(kept);
  const inside = region && { dims, indexToWorld, data: Float32Array.from(region.mask) };
  const data = new Float32Array(voxelCount(grid));
  const mask = new Uint8Array(inside ? data.length : 0);
  const plane = grid.dims[0] * grid.dims[1];
  for (let k = 0; k < grid.dims[2]; k++) {
    const slice = sliceOf(grid, k);
    const first = k * plane;
    const errors = resample(expected, slice).data;
    for (let i = 0; i < plane; i++) if (errors[i] > 0) data[first + i] = percentOf(errors[i] / full);
    const share = inside && resample(inside, slice).data;
    for (let i = 0; share && i < plane; i++) if (share[i] > 0.5) mask[first + i] = 1;
    await nextTask();
  }
  const volume = { dims: grid.dims, indexToWorld: grid.indexToWorld, data };
  const lesions = expandLesions(kept);
  return {
    volume,
    unit,
    ...(region && mask.includes(1) && { region: { mask, text: region.text } }),
    ...(lesions && { lesions }),
  };
}

/** The k-th slice of a grid, as a grid. */
function sliceOf({ dims, indexToWorld }: Grid, k: number): Grid {
  return {
    dims: [dims[0], dims[1], 1],
    indexToWorld: mat4.translate(mat4.create(), indexToWorld, [0, 0, k]),
  };
}
