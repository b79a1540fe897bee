import type { Mask } from './Mask';
import type { Point3 } from './Volume';

/** Runs of mask voxels along i, joined into connected components by union-find. */
export interface Runs {
  /** First voxel of each run, and the voxel after its last, as array offsets. */
  start: number[];
  end: number[];
  /** Union-find parent of each run; the root of a component is its first run and its own parent. */
  parent: number[];
  /** Number of the first run of each row; has one entry more than there are rows. */
  firstOfRow: Int32Array;
}

/** The largest 6-connected component, the first of equals; empty when the mask is empty. */
export function largestComponent(mask: Mask, dims: Point3): Mask {
  const runs = findRuns(mask, dims);
  const [, ny, nz] = dims;
  for (let k = 0, row = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++, row++) {
      if (j > 0) unionRows(runs, row - 1, row, dims[0]);
      if (k > 0) unionRows(runs, row - ny, row, dims[0]);
    }
  }
  const { start, end, parent } = runs;
  const sizes = new Int32Array(start.length);
  let largest = 0;
  for (let n = 0; n < start.length; n++) {
    parent[n] = find(n, parent);
    sizes[parent[n]] += end[n] - start[n];
  }
  for (let n = 0; n < sizes.length; n++) if (sizes[n] > sizes[largest]) largest = n;
  const out = new Uint8Array(mask.length);
  for (let n = 0; n < start.length; n++) if (parent[n] === largest) out.fill(1, start[n], end[n]);
  return out;
}

/** The runs of a mask, each a component of its own. */
export function findRuns(mask: Mask, [nx, ny, nz]: Point3): Runs {
  const runs: Runs = { start: [], end: [], parent: [], firstOfRow: new Int32Array(ny * nz + 1) };
  for (let row = 0; row < ny * nz; row++) {
    runs.firstOfRow[row] = runs.start.length;
    const end = (row + 1) * nx;
    for (let at = row * nx; at < end; at++) {
      if (!mask[at]) continue;
      runs.parent.push(runs.start.length);
      runs.start.push(at);
      while (at < end && mask[at]) at++;
      runs.end.push(at);
    }
  }
  runs.firstOfRow[ny * nz] = runs.start.length;
  return runs;
}

/** Joins the components of touching runs in two neighbouring rows. */
export function unionRows(
  { start, end, parent, firstOfRow }: Runs,
  before: number,
  row: number,
  nx: number,
): void {
  const apart = (row - before) * nx;
  let [m, n] = [firstOfRow[before], firstOfRow[row]];
  while (m < firstOfRow[before + 1] && n < firstOfRow[row + 1]) {
    const [from, to] = [start[m] + apart, end[m] + apart];
    if (from < end[n] && start[n] < to) {
      const [a, b] = [find(m, parent), find(n, parent)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
    if (to < end[n]) m++;
    else n++;
  }
}

/** Root of run `n`; halves the path to it on the way. */
export function find(n: number, parent: number[]): number {
  while (parent[n] !== n) {
    parent[n] = parent[parent[n]];
    n = parent[n];
  }
  return n;
}
