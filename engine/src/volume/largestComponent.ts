import type { Mask } from './Mask';
import { findRuns, firstOf, joinRows } from './runs';
import type { Point3 } from './Volume';

/** The largest 6-connected component, of equally large ones the first; empty when the mask is. */
export function largestComponent(mask: Mask, dims: Point3): Mask {
  const runs = findRuns(mask, dims);
  const [, ny, nz] = dims;
  for (let k = 0, row = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, row++) {
      if (j > 0) joinRows(runs, row - 1, row, dims[0]);
      if (k > 0) joinRows(runs, row - ny, row, dims[0]);
    }
  }
  const { start, end, earlier } = runs;
  const sizes = new Int32Array(start.length);
  let largest = 0;
  for (let n = 0; n < start.length; n++) {
    earlier[n] = firstOf(n, earlier);
    sizes[earlier[n]] += end[n] - start[n];
  }
  for (let n = 0; n < sizes.length; n++) if (sizes[n] > sizes[largest]) largest = n;
  const out = new Uint8Array(mask.length);
  for (let n = 0; n < start.length; n++) if (earlier[n] === largest) out.fill(1, start[n], end[n]);
  return out;
}
