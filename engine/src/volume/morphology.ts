import { largestComponent } from './largestComponent';
import { both, invert, type Mask } from './Mask';
import { findRuns, firstOf, joinRows } from './runs';
import type { Point3 } from './Volume';

/** Shrinks the mask by a ball of `radius` voxels; what lies outside the box counts as inside, so edges do not erode. */
export function erode(mask: Mask, dims: Point3, radius: number): Mask {
  return invert(dilate(invert(mask), dims, radius));
}

/** Grows the mask by a ball of `radius` voxels: a ball around each voxel of its surface, the nearest of the mask to any outside. */
export function dilate(mask: Mask, dims: Point3, radius: number): Mask {
  const [nx, ny, nz] = dims;
  const ball = ballRows(radius);
  const out = mask.slice();
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      // What the last ball of this row reached need not be set again.
      let last = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < nx; i++, at++) {
        if (!mask[at] || !onSurface(mask, dims, at, i, j, k)) continue;
        for (const { dj, dk, half } of ball) {
          if (j + dj < 0 || j + dj >= ny || k + dk < 0 || k + dk >= nz) continue;
          const row = at - i + nx * (dj + ny * dk);
          const end = row + Math.min(nx - 1, i + half);
          for (let n = row + Math.max(0, i - half, last + half + 1); n <= end; n++) out[n] = 1;
        }
        last = i;
      }
    }
  }
  return out;
}

/** The rows of a ball around the origin: each reaches `half` voxels along i to both sides. */
function ballRows(radius: number): { dj: number; dk: number; half: number }[] {
  const reach = Math.floor(radius);
  const rows = [];
  for (let dk = -reach; dk <= reach; dk++) {
    for (let dj = -reach; dj <= reach; dj++) {
      const left = radius * radius - dj * dj - dk * dk;
      if (left >= 0) rows.push({ dj, dk, half: Math.floor(Math.sqrt(left)) });
    }
  }
  return rows;
}

/** Whether one of the six neighbours of voxel `at` = (i, j, k) is in the box and not in the mask. */
function onSurface(mask: Mask, [nx, ny, nz]: Point3, at: number, i: number, j: number, k: number): boolean {
  const plane = nx * ny;
  return (
    (i > 0 && !mask[at - 1]) ||
    (i < nx - 1 && !mask[at + 1]) ||
    (j > 0 && !mask[at - nx]) ||
    (j < ny - 1 && !mask[at + nx]) ||
    (k > 0 && !mask[at - plane]) ||
    (k < nz - 1 && !mask[at + plane])
  );
}

/**
 * The largest piece that balls of `radius` voxels fit into, and what of the mask is within one voxel more of their centres: cuts off
 * what hangs on it by a bridge thinner than two radii. A mask that is thin everywhere stays as it is.
 */
export function cutBridges(mask: Mask, dims: Point3, radius: number): Mask {
  const core = largestComponent(erode(mask, dims, radius), dims);
  return core.includes(1) ? both(mask, dilate(core, dims, radius + 1)) : mask;
}

/** Where most of the cube that reaches `reach` voxels around a voxel is in the mask. */
export function majority(mask: Mask, dims: Point3, reach: number): Mask {
  const counts = cubeCounts(mask, dims, reach);
  const half = (2 * reach + 1) ** 3 / 2;
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = counts[i] > half ? 1 : 0;
  return out;
}

/**
 * How many voxels of the mask are in the cube that reaches `reach` voxels around each voxel; beyond the volume its outermost voxels are repeated.
 * @param reach at most 19, so that counts fit into 16 bits
 */
export function cubeCounts(mask: Mask, dims: Point3, reach: number): Uint16Array {
  let counts = Uint16Array.from(mask);
  for (let axis = 0, stride = 1; axis < 3; stride *= dims[axis++])
    counts = sumsAlong(counts, dims[axis], stride, reach);
  return counts;
}

/** Sums of each value and its neighbours along one axis of `count` places, `stride` apart in the array. */
function sumsAlong(
  values: Uint16Array,
  count: number,
  stride: number,
  reach: number,
): Uint16Array<ArrayBuffer> {
  const out = new Uint16Array(values.length);
  for (let start = 0; start < values.length; start += count * stride) {
    const place = (n: number) => start + Math.min(count - 1, Math.max(0, n)) * stride;
    for (let d = -reach; d <= reach; d++) {
      for (let i = 0, from = place(d); i < stride; i++) out[start + i] += values[from + i];
    }
    for (let n = 1; n < count; n++) {
      const at = start + n * stride;
      const enters = n + reach < count ? at + reach * stride : start + (count - 1) * stride;
      const leaves = n > reach ? at - (reach + 1) * stride : start;
      for (let i = 0; i < stride; i++) {
        out[at + i] = out[at - stride + i] + values[enters + i] - values[leaves + i];
      }
    }
  }
  return out;
}

/** Fills, slice by slice along k, whatever background does not reach the slice's edge. */
export function fillHolesBySlice(mask: Mask, dims: Point3): Mask {
  const [nx, ny, nz] = dims;
  const runs = findRuns(invert(mask), dims);
  const { start, end, earlier, firstOfRow } = runs;
  for (let row = 0; row < ny * nz; row++) if (row % ny > 0) joinRows(runs, row - 1, row, nx);
  const open = new Uint8Array(start.length);
  for (let row = 0; row < ny * nz; row++) {
    const outermost = row % ny === 0 || row % ny === ny - 1;
    for (let n = firstOfRow[row]; n < firstOfRow[row + 1]; n++) {
      if (outermost || start[n] === row * nx || end[n] === (row + 1) * nx) open[firstOf(n, earlier)] = 1;
    }
  }
  const out = new Uint8Array(mask.length).fill(1);
  for (let n = 0; n < start.length; n++) if (open[firstOf(n, earlier)]) out.fill(0, start[n], end[n]);
  return out;
}
