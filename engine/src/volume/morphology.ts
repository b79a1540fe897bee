import { find, findRuns, largestComponent, unionRows } from './components';
import { complement, intersection, type Mask } from './Mask';
import type { Point3 } from './Volume';

/** Erosion by a ball of `radius` voxels; the edges of the volume do not erode. */
export function erode(mask: Mask, dims: Point3, radius: number): Mask {
  return complement(dilate(complement(mask), dims, radius));
}

/** Dilation by a ball of `radius` voxels. Only surface voxels are dilated; the others add nothing. */
export function dilate(mask: Mask, dims: Point3, radius: number): Mask {
  const [nx, ny, nz] = dims;
  const ball = ballRows(radius);
  const out = mask.slice();
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      // Skip what the previous ball of this row has already set.
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

/** The rows of a ball around the origin; each spans -half to +half along i. */
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

/** Whether a 6-neighbour of voxel `at` = (i, j, k) is inside the volume and outside the mask. */
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
 * Opening that keeps one component: erosion by a ball of `radius` voxels, largest component, dilation by
 * one voxel more inside the mask. Removes parts that hang on by a bridge thinner than two radii.
 * @returns `mask` itself when the erosion leaves nothing
 */
export function openLargestComponent(mask: Mask, dims: Point3, radius: number): Mask {
  const core = largestComponent(erode(mask, dims, radius), dims);
  return core.includes(1) ? intersection(mask, dilate(core, dims, radius + 1)) : mask;
}

/** Majority filter: voxels whose surrounding cube of edge 2 * radius + 1 is mostly mask. */
export function majorityFilter(mask: Mask, dims: Point3, radius: number): Mask {
  const counts = boxSums(mask, dims, radius);
  const half = (2 * radius + 1) ** 3 / 2;
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = counts[i] > half ? 1 : 0;
  return out;
}

/**
 * Box filter without the division: counts the mask in the cube of edge 2 * radius + 1 around each voxel.
 * Outside the volume the nearest voxel is repeated.
 * @param radius at most 19, so that counts fit into 16 bits
 */
export function boxSums(mask: Mask, dims: Point3, radius: number): Uint16Array {
  let counts = Uint16Array.from(mask);
  for (let axis = 0, stride = 1; axis < 3; stride *= dims[axis++])
    counts = boxSumsAlong(counts, dims[axis], stride, radius);
  return counts;
}

/** Box sums along one axis of `count` voxels, which are `stride` apart in the array. */
function boxSumsAlong(
  values: Uint16Array,
  count: number,
  stride: number,
  radius: number,
): Uint16Array<ArrayBuffer> {
  const out = new Uint16Array(values.length);
  for (let start = 0; start < values.length; start += count * stride) {
    const clamped = (n: number) => start + Math.min(count - 1, Math.max(0, n)) * stride;
    for (let d = -radius; d <= radius; d++) {
      for (let i = 0, from = clamped(d); i < stride; i++) out[start + i] += values[from + i];
    }
    for (let n = 1; n < count; n++) {
      const at = start + n * stride;
      const enters = n + radius < count ? at + radius * stride : start + (count - 1) * stride;
      const leaves = n > radius ? at - (radius + 1) * stride : start;
      for (let i = 0; i < stride; i++) {
        out[at + i] = out[at - stride + i] + values[enters + i] - values[leaves + i];
      }
    }
  }
  return out;
}

/** Fills holes slice by slice along k: background that does not reach the edge of its slice. */
export function fillHolesBySlice(mask: Mask, dims: Point3): Mask {
  const [nx, ny, nz] = dims;
  const runs = findRuns(complement(mask), dims);
  const { start, end, parent, firstOfRow } = runs;
  for (let row = 0; row < ny * nz; row++) if (row % ny > 0) unionRows(runs, row - 1, row, nx);
  const open = new Uint8Array(start.length);
  for (let row = 0; row < ny * nz; row++) {
    const outermost = row % ny === 0 || row % ny === ny - 1;
    for (let n = firstOfRow[row]; n < firstOfRow[row + 1]; n++) {
      if (outermost || start[n] === row * nx || end[n] === (row + 1) * nx) open[find(n, parent)] = 1;
    }
  }
  const out = new Uint8Array(mask.length).fill(1);
  for (let n = 0; n < start.length; n++) if (open[find(n, parent)]) out.fill(0, start[n], end[n]);
  return out;
}
