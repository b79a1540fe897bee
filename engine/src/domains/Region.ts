import { count, type Mask } from '../volume/Mask';
import { type Grid, voxelMillilitres } from '../volume/Volume';

/** What is synthesized: a part of the body, on a coarse canonical grid of the reference (LPS mm). */
export interface Region {
  grid: Grid;
  /** Empty when nothing was found. */
  mask: Mask;
}

/** Volume of a region, mL. */
export function regionVolume({ grid, mask }: Region): number {
  return count(mask) * voxelMillilitres(grid);
}
