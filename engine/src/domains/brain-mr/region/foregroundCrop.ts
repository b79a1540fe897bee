import type { Mask } from '../../../volume/Mask';
import type { Point3 } from '../../../volume/Volume';

/** The part of every slice that the network sees; it may extend beyond the volume. */
export interface Crop {
  /** Size of the volume. */
  dims: Point3;
  /** Column and row of its first voxel. */
  i0: number;
  j0: number;
  columns: number;
  rows: number;
}

/** A crop of `size` [rows, columns] centred on the centroid of `foreground`, the same in all slices. */
export function foregroundCrop(
  foreground: Mask,
  dims: Point3,
  [rows, columns]: readonly [number, number],
): Crop {
  const [nx, ny, nz] = dims;
  let count = 0;
  let sumI = 0;
  let sumJ = 0;
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        if (!foreground[at]) continue;
        count++;
        sumI += i;
        sumJ += j;
      }
    }
  }
  return {
    dims,
    i0: Math.round(sumI / count) - columns / 2,
    j0: Math.round(sumJ / count) - rows / 2,
    columns,
    rows,
  };
}

/** The crop of slice `k`, [rows, columns]; zeros beyond the volume. */
export function cropSlice(values: Float32Array, k: number, crop: Crop): Float32Array {
  const out = new Float32Array(crop.rows * crop.columns);
  eachSharedRow(k, crop, (atVolume, atCrop, length) => {
    out.set(values.subarray(atVolume, atVolume + length), atCrop);
  });
  return out;
}

/** Adds `cropped` times `weight` to slice `k` of `sum`, where `cropSlice` would take it from. */
export function addCropped(
  sum: Float32Array,
  k: number,
  crop: Crop,
  cropped: Float32Array,
  weight: number,
): void {
  eachSharedRow(k, crop, (atVolume, atCrop, length) => {
    for (let i = 0; i < length; i++) sum[atVolume + i] += weight * cropped[atCrop + i];
  });
}

/** Calls `visit` for the part of each row that volume and crop share: its offset in both, and its length. */
function eachSharedRow(
  k: number,
  { dims: [nx, ny], i0, j0, columns, rows }: Crop,
  visit: (atVolume: number, atCrop: number, length: number) => void,
): void {
  const first = Math.max(0, i0);
  const length = Math.min(nx, i0 + columns) - first;
  if (length <= 0) return;
  for (let j = Math.max(0, j0); j < Math.min(ny, j0 + rows); j++) {
    visit(first + nx * (j + ny * k), first - i0 + columns * (j - j0), length);
  }
}
