import { largestComponent } from './largestComponent';
import type { Point3 } from './Volume';

/** A set of voxels, 1 inside; laid out like Volume.data. */
export type Mask = Uint8Array;

/** Where values exceed a limit. */
export function above(values: Float32Array, limit: number): Mask {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < mask.length; i++) mask[i] = values[i] > limit ? 1 : 0;
  return mask;
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

/**
 * Works on the box around a mask and a margin of voxels only, where all else is 0: `work` gets the mask in the box, the box's
 * dims, and a way to cut what else is laid out like the mask.
 * @returns what it makes, in place
 */
export function inBox(
  mask: Mask,
  dims: Point3,
  margin: number,
  work: (boxed: Mask, box: Point3, cut: <T extends Mask | Float32Array>(other: T) => T) => Mask,
): Mask {
  const [low, high] = bounds(mask, dims);
  const first = low.map(n => Math.max(0, n - margin)) as Point3;
  const box = first.map((n, r) => Math.max(0, Math.min(dims[r] - 1, high[r] + margin) - n + 1)) as Point3;
  const rows = (visit: (inVolume: number, inBox: number) => void) => {
    for (let k = 0, inBox = 0; k < box[2]; k++) {
      for (let j = 0; j < box[1]; j++, inBox += box[0]) {
        visit(first[0] + dims[0] * (first[1] + j + dims[1] * (first[2] + k)), inBox);
      }
    }
  };
  const cut = <T extends Mask | Float32Array>(other: T): T => {
    const out = other.slice(0, box[0] * box[1] * box[2]) as T;
    rows((inVolume, inBox) => out.set(other.subarray(inVolume, inVolume + box[0]), inBox));
    return out;
  };
  const made = work(cut(mask), box, cut);
  const out = new Uint8Array(mask.length);
  rows((inVolume, inBox) => out.set(made.subarray(inBox, inBox + box[0]), inVolume));
  return out;
}

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
      for (let i = 0; i < nx; i++, at++) {
        if (!mask[at] || !onSurface(mask, dims, at, i, j, k)) continue;
        for (const { dj, dk, half } of ball) {
          if (j + dj < 0 || j + dj >= ny || k + dk < 0 || k + dk >= nz) continue;
          const row = at - i + nx * (dj + ny * dk);
          const end = row + Math.min(nx - 1, i + half);
          for (let n = row + Math.max(0, i - half); n <= end; n++) out[n] = 1;
        }
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

/**
 * Where most of the cube that reaches `reach` voxels around a voxel is in the mask; beyond the volume its outermost voxels are repeated.
 * @param reach at most 19, so that counts fit into 16 bits
 */
export function majority(mask: Mask, dims: Point3, reach: number): Mask {
  const edge = 2 * reach + 1;
  let counts = Uint16Array.from(mask);
  for (let axis = 0, stride = 1; axis < 3; stride *= dims[axis++])
    counts = sumsAlong(counts, dims[axis], stride, reach);
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = 2 * counts[i] > edge ** 3 ? 1 : 0;
  return out;
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
    for (let n = 0; n < count; n++) {
      const at = start + n * stride;
      for (let d = -reach; d <= reach; d++) {
        const from = start + Math.min(count - 1, Math.max(0, n + d)) * stride;
        for (let i = 0; i < stride; i++) out[at + i] += values[from + i];
      }
    }
  }
  return out;
}

/** What is in both masks. */
export function both(a: Mask, b: Mask): Mask {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] & b[i];
  return out;
}

/** Fills, slice by slice along k, whatever background does not reach the slice's edge. */
export function fillHolesBySlice(mask: Mask, dims: Point3): Mask {
  const [nx, ny, nz] = dims;
  const out = new Uint8Array(mask.length).fill(1);
  const stack: number[] = [];
  for (let k = 0; k < nz; k++) {
    const base = k * nx * ny;
    const visit = (i: number, j: number) => {
      const at = base + j * nx + i;
      if (i >= 0 && j >= 0 && i < nx && j < ny && out[at] && !mask[at]) {
        out[at] = 0;
        stack.push(i, j);
      }
    };
    for (let i = 0; i < nx; i++) {
      visit(i, 0);
      visit(i, ny - 1);
    }
    for (let j = 0; j < ny; j++) {
      visit(0, j);
      visit(nx - 1, j);
    }
    while (stack.length) {
      const j = stack.pop()!;
      const i = stack.pop()!;
      visit(i - 1, j);
      visit(i + 1, j);
      visit(i, j - 1);
      visit(i, j + 1);
    }
  }
  return out;
}

function invert(mask: Mask): Mask {
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = 1 - mask[i];
  return out;
}
