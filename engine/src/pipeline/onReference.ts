import { threshold } from '../volume/Mask';
import { resample } from '../volume/resample';
import { resampleCubic } from '../volume/resampleCubic';
import type { Grid, Volume } from '../volume/Volume';

/**
 * A result on the grid of the reference, by cubic interpolation; 0 where linear interpolation finds nothing
 * of the region.
 * @param result on the model's grid, 0 outside the region, else above
 */
export function onReference(result: Volume, grid: Grid): Volume {
  return resampleCubic(result, grid, threshold(resample(result, grid).data, 0));
}
