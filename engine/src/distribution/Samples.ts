import { count, type Mask } from '../volume/Mask';
import type { Grid } from '../volume/Volume';

/** Slices looked at; more make no feature steadier. */
const SLICES = 24;
/** Slices with less of the region than this share of the largest section are not looked at. */
const SECTION = 0.3;

/** Where features are taken: some slices of the model grid and the depth of their voxels in the region. */
export interface Samples {
  /** Columns and rows. */
  size: readonly [number, number];
  slices: readonly {
    /** Offset of the slice in the volume's data. */
    start: number;
    /** Height in the region: 0 the lowest slice looked at, 1 the highest. */
    height: number;
    /** Pixels to the region's edge in the plane, city block: 0 outside, 1 on the edge. */
    depth: Uint16Array;
  }[];
}

/**
 * Evenly spaced slices through the region; features are taken in their planes, so that a thick reference's
 * slices count and those interpolated between them do not.
 * @param region on the slices to synthesize, not empty
 */
export function samplesOf({ dims: [columns, rows, depth] }: Grid, region: Mask): Samples {
  const plane = columns * rows;
  const areas = Array.from({ length: depth }, (_, k) => count(region.subarray(k * plane, (k + 1) * plane)));
  const largest = areas.reduce((most, area) => Math.max(most, area), 0);
  const usable = areas.flatMap((area, k) => (area > 0 && area >= SECTION * largest ? [k] : []));
  const step = Math.max(1, usable.length / SLICES);
  const taken = Array.from(
    { length: Math.min(SLICES, usable.length) },
    (_, n) => usable[Math.floor((n + 0.5) * step)],
  );
  const [first, last] = [usable[0], usable[usable.length - 1]];
  return {
    size: [columns, rows],
    slices: taken.map(k => ({
      start: k * plane,
      height: last > first ? (k - first) / (last - first) : 0.5,
      depth: depthIn(region.subarray(k * plane, (k + 1) * plane), columns),
    })),
  };
}

/** City-block distance of each pixel of a mask to what is outside, in pixels. */
function depthIn(mask: Mask, columns: number): Uint16Array {
  const depth = new Uint16Array(mask.length);
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    const before = i % columns > 0 ? depth[i - 1] : 0;
    const above = i >= columns ? depth[i - columns] : 0;
    depth[i] = 1 + Math.min(before, above);
  }
  for (let i = mask.length - 1; i >= 0; i--) {
    if (!mask[i]) continue;
    const after = i % columns < columns - 1 ? depth[i + 1] : 0;
    const below = i + columns < mask.length ? depth[i + columns] : 0;
    depth[i] = Math.min(depth[i], 1 + after, 1 + below);
  }
  return depth;
}
