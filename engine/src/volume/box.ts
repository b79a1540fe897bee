import { mat4 } from 'gl-matrix';
import type { Mask } from './Mask';
import type { Point3, Volume } from './Volume';

/** A box of voxels inside a volume: its first voxel, and its size along i, j, k. */
export interface Box {
  first: Point3;
  dims: Point3;
}

/** First and last index of the mask along each axis; for an empty mask the last is below the first. */
export function bounds(mask: Mask, [nx, ny, nz]: Point3): [Point3, Point3] {
  const low: Point3 = [nx, ny, nz];
  const high: Point3 = [-1, -1, -1];
  for (let at = mask.indexOf(1); at >= 0; ) {
    const row = Math.floor(at / nx);
    const end = (row + 1) * nx;
    const [j, k] = [row % ny, Math.floor(row / ny)];
    low[0] = Math.min(low[0], at - row * nx);
    high[0] = Math.max(high[0], mask.lastIndexOf(1, end - 1) - row * nx);
    low[1] = Math.min(low[1], j);
    high[1] = Math.max(high[1], j);
    low[2] = Math.min(low[2], k);
    high[2] = k;
    at = mask.indexOf(1, end);
  }
  return [low, high];
}

/** Bounding box of a mask plus `margin` voxels, inside the volume; an empty mask has an empty box. */
export function boundingBox(mask: Mask, dims: Point3, margin: number): Box {
  const [low, high] = bounds(mask, dims);
  const first = low.map(n => Math.max(0, n - margin)) as Point3;
  return {
    first,
    dims: first.map((n, r) => Math.max(0, Math.min(dims[r] - 1, high[r] + margin) - n + 1)) as Point3,
  };
}

/** The values inside the box; input and result are laid out like Volume.data. */
export function cropValues<T extends Mask | Float32Array>(values: T, dims: Point3, box: Box): T {
  const out = values.slice(0, box.dims[0] * box.dims[1] * box.dims[2]) as T;
  eachRow(dims, box, (atVolume, atBox, length) => {
    out.set(values.subarray(atVolume, atVolume + length), atBox);
  });
  return out;
}

/** The inverse of `cropValues`: writes the values of the box into those of a volume, and returns these. */
export function pasteValues<T extends Mask | Float32Array>(values: T, into: T, dims: Point3, box: Box): T {
  eachRow(dims, box, (atVolume, atBox, length) => {
    into.set(values.subarray(atBox, atBox + length), atVolume);
  });
  return into;
}

/** The part of a volume inside the box; it keeps its place in space. */
export function crop(volume: Volume, box: Box): Volume {
  return {
    dims: box.dims,
    indexToWorld: mat4.translate(mat4.create(), volume.indexToWorld, box.first),
    data: cropValues(volume.data, volume.dims, box),
  };
}

/**
 * Applies `work` to the bounding box of a mask only; outside the box the result is 0.
 * @param margin voxels around the mask
 * @param work gets the cropped mask, the dims of the box, and a function that crops other values alike
 * @returns the result of `work`, on the grid of the mask
 */
export function inBoundingBox(
  mask: Mask,
  dims: Point3,
  margin: number,
  work: (cropped: Mask, dims: Point3, cropAlike: <T extends Mask | Float32Array>(other: T) => T) => Mask,
): Mask {
  const box = boundingBox(mask, dims, margin);
  const result = work(cropValues(mask, dims, box), box.dims, other => cropValues(other, dims, box));
  return pasteValues(result, new Uint8Array(mask.length), dims, box);
}

/** Calls `visit` for each row of the box: its offset in the volume, its offset in the box, its length. */
function eachRow(
  [nx, ny]: Point3,
  { first, dims }: Box,
  visit: (atVolume: number, atBox: number, length: number) => void,
): void {
  for (let k = 0, atBox = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++, atBox += dims[0]) {
      visit(first[0] + nx * (first[1] + j + ny * (first[2] + k)), atBox, dims[0]);
    }
  }
}
