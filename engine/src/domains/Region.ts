import { count, type Mask } from '../volume/Mask';
import { type Grid, spacingOf } from '../volume/Volume';

/** What is synthesized: a part of the body, on a coarse canonical grid of the reference (LPS mm). */
export interface Region {
  grid: Grid;
  /** Empty when nothing was found. */
  mask: Mask;
}

/** Volume of a region, mL. */
export function regionVolume({ grid, mask }: Region): number {
  const voxel = spacingOf(grid).reduce((product, mm) => product * mm, 1);
  return (count(mask) * voxel) / 1000;
}
