import type { Mask } from '../volume/Mask';
import type { Point3 } from '../volume/Volume';

/** The square of a slice that the network sees; it may reach beyond the volume. */
export interface Square {
  /** Column and row of its first voxel. */
  i0: number;
  j0: number;
  columns: number;
  rows: number;
}

/** The square of `size` [rows, columns] around the centroid of `foreground`, the same in all slices. */
export function headSquare(
  foreground: Mask,
  [nx, ny, nz]: Point3,
  [rows, columns]: readonly [number, number],
): Square {
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
    i0: Math.round(sumI / count) - columns / 2,
    j0: Math.round(sumJ / count) - rows / 2,
    columns,
    rows,
  };
}

/** Slice `k` of `values` as the square sees it, zeros beyond the volume. */
export function cutSquare(values: Float32Array, dims: Point3, k: number, square: Square): Float32Array {
  const out = new Float32Array(square.rows * square.columns);
  overlap(dims, k, square, (inVolume, inSquare, length) => {
    out.set(values.subarray(inVolume, inVolume + length), inSquare);
  });
  return out;
}

/** Adds what `cut` holds, times `weight`, to slice `k` of `sum`, the inverse of `cutSquare`. */
export function addSquare(
  cut: Float32Array,
  sum: Float32Array,
  dims: Point3,
  k: number,
  square: Square,
  weight: number,
): void {
  overlap(dims, k, square, (inVolume, inSquare, length) => {
    for (let i = 0; i < length; i++) sum[inVolume + i] += weight * cut[inSquare + i];
  });
}

/** Calls `line` for each row that volume and square share, with its offset in either and its length. */
function overlap(
  [nx, ny]: Point3,
  k: number,
  { i0, j0, columns, rows }: Square,
  line: (inVolume: number, inSquare: number, length: number) => void,
): void {
  const first = Math.max(0, i0);
  const length = Math.min(nx, i0 + columns) - first;
  if (length <= 0) return;
  for (let j = Math.max(0, j0); j < Math.min(ny, j0 + rows); j++) {
    line(first + nx * (j + ny * k), first - i0 + columns * (j - j0), length);
  }
}
