import { mat4 } from 'gl-matrix';
import type { Mask } from './Mask';
import type { Point3, Volume } from './Volume';

/** Some of the voxels of a volume: its first one, and how many along i, j, k. */
export interface Box {
  first: Point3;
  dims: Point3;
}

/** First and last index of the mask along each axis; of an empty mask the last lies below the first. */
export function bounds(mask: Mask, [nx, ny, nz]: Point3): [Point3, Point3] {
  const low: Point3 = [nx, ny, nz];
  const high: Point3 = [-1, -1, -1];
  for (let k = 0, row = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, row += nx) {
      const first = mask.subarray(row, row + nx).indexOf(1);
      if (first < 0) continue;
      const last = mask.subarray(row, row + nx).lastIndexOf(1);
      low[0] = Math.min(low[0], first);
      high[0] = Math.max(high[0], last);
      low[1] = Math.min(low[1], j);
      high[1] = Math.max(high[1], j);
      low[2] = Math.min(low[2], k);
      high[2] = k;
    }
  }
  return [low, high];
}

/** The box around a mask and a margin of voxels, as far as there are any; of an empty mask it has no voxel. */
export function boxAround(mask: Mask, dims: Point3, margin: number): Box {
  const [low, high] = bounds(mask, dims);
  const first = low.map(n => Math.max(0, n - margin)) as Point3;
  return {
    first,
    dims: first.map((n, r) => Math.max(0, Math.min(dims[r] - 1, high[r] + margin) - n + 1)) as Point3,
  };
}

/** What of `values`, laid out like Volume.data, lies in the box. */
export function cut<T extends Mask | Float32Array>(values: T, dims: Point3, box: Box): T {
  const out = values.slice(0, box.dims[0] * box.dims[1] * box.dims[2]) as T;
  eachRow(dims, box, (inVolume, inBox, length) => {
    out.set(values.subarray(inVolume, inVolume + length), inBox);
  });
  return out;
}

/** The part of a volume that lies in the box, where it was in space. */
export function crop(volume: Volume, box: Box): Volume {
  return {
    dims: box.dims,
    indexToWorld: mat4.translate(mat4.create(), volume.indexToWorld, box.first),
    data: cut(volume.data, volume.dims, box),
  };
}

/**
 * Works on the box around a mask and a margin of voxels only, where all else is 0: `work` gets the mask in the box, the box's
 * dims, and a way to cut what else is laid out like the mask.
 * @returns what it makes, in place
 */
export function inBox(
  mask: Mask,
  dims: Point3,
  margin: number,
  work: (boxed: Mask, dims: Point3, cutAlike: <T extends Mask | Float32Array>(other: T) => T) => Mask,
): Mask {
  const box = boxAround(mask, dims, margin);
  const made = work(cut(mask, dims, box), box.dims, other => cut(other, dims, box));
  const out = new Uint8Array(mask.length);
  eachRow(dims, box, (inVolume, inBox, length) => out.set(made.subarray(inBox, inBox + length), inVolume));
  return out;
}

/** Calls `row` for each row of the box, with its offset in the volume and in the box, and its length. */
function eachRow(
  [nx, ny]: Point3,
  { first, dims }: Box,
  row: (inVolume: number, inBox: number, length: number) => void,
): void {
  for (let k = 0, inBox = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++, inBox += dims[0]) {
      row(first[0] + nx * (first[1] + j + ny * (first[2] + k)), inBox, dims[0]);
    }
  }
}
