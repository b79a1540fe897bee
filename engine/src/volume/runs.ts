import type { Mask } from './Mask';
import type { Point3 } from './Volume';

/** Stretches of mask along i. Each knows another of its piece, found earlier; the piece's first knows itself. */
export interface Runs {
  /** First voxel of each, and the voxel after its last, in the array. */
  start: number[];
  end: number[];
  /** Which run was found first of all its piece, so far as known: follow it until it points to itself. */
  earlier: number[];
  /** The number of the first run of each row; one more than there are rows. */
  firstOfRow: Int32Array;
}

/** The runs of a mask, each a piece of its own. */
export function findRuns(mask: Mask, [nx, ny, nz]: Point3): Runs {
  const runs: Runs = { start: [], end: [], earlier: [], firstOfRow: new Int32Array(ny * nz + 1) };
  for (let row = 0; row < ny * nz; row++) {
    runs.firstOfRow[row] = runs.start.length;
    const end = (row + 1) * nx;
    for (let at = row * nx; at < end; at++) {
      if (!mask[at]) continue;
      runs.earlier.push(runs.start.length);
      runs.start.push(at);
      while (at < end && mask[at]) at++;
      runs.end.push(at);
    }
  }
  runs.firstOfRow[ny * nz] = runs.start.length;
  return runs;
}

/** Joins the runs of two neighbouring rows that touch. */
export function joinRows(
  { start, end, earlier, firstOfRow }: Runs,
  before: number,
  row: number,
  nx: number,
): void {
  const apart = (row - before) * nx;
  let [m, n] = [firstOfRow[before], firstOfRow[row]];
  while (m < firstOfRow[before + 1] && n < firstOfRow[row + 1]) {
    const [from, to] = [start[m] + apart, end[m] + apart];
    if (from < end[n] && start[n] < to) {
      const [a, b] = [firstOf(m, earlier), firstOf(n, earlier)];
      earlier[Math.max(a, b)] = Math.min(a, b);
    }
    if (to < end[n]) m++;
    else n++;
  }
}

/** The first run of the piece of run `n`; shortens the way there for those who ask next. */
export function firstOf(n: number, earlier: number[]): number {
  while (earlier[n] !== n) {
    earlier[n] = earlier[earlier[n]];
    n = earlier[n];
  }
  return n;
}
