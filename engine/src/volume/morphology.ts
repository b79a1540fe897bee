import type { Point3 } from './Volume';

/** A set of voxels, 1 inside; laid out like Volume.data. */
export type Mask = Uint8Array;

/** Shrinks the mask by a ball of `radius` voxels; what lies outside the box counts as inside, so edges do not erode. */
export function erode(mask: Mask, dims: Point3, radius: number): Mask {
  return threshold(squaredDistance(invert(mask), dims), d => d > radius * radius);
}

/** Grows the mask by a ball of `radius` voxels. */
export function dilate(mask: Mask, dims: Point3, radius: number): Mask {
  return threshold(squaredDistance(mask, dims), d => d <= radius * radius);
}

/** The largest 6-connected component; empty when the mask is. */
export function largestComponent(mask: Mask, dims: Point3): Mask {
  const { labels, sizes } = label(mask, dims);
  let best = 0;
  for (let l = 1; l < sizes.length; l++) if (sizes[l] > (sizes[best] ?? 0) || best === 0) best = l;
  const out = new Uint8Array(mask.length);
  if (best > 0) for (let i = 0; i < out.length; i++) out[i] = labels[i] === best ? 1 : 0;
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
  return mask.map(v => 1 - v);
}

function threshold(distance: Float32Array, keep: (squared: number) => boolean): Mask {
  const out = new Uint8Array(distance.length);
  for (let i = 0; i < out.length; i++) out[i] = keep(distance[i]) ? 1 : 0;
  return out;
}

/** 6-connected components; label 0 is background, `sizes[label]` counts voxels (`sizes[0]` is 0). */
function label(mask: Mask, dims: Point3): { labels: Int32Array; sizes: number[] } {
  const [nx, ny, nz] = dims;
  const plane = nx * ny;
  const labels = new Int32Array(mask.length);
  const sizes = [0];
  const stack: number[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || labels[start]) continue;
    const l = sizes.length;
    sizes.push(0);
    labels[start] = l;
    stack.push(start);
    while (stack.length) {
      const at = stack.pop()!;
      sizes[l]++;
      const i = at % nx;
      const j = ((at / nx) | 0) % ny;
      const k = (at / plane) | 0;
      const reach = (next: number, inside: boolean) => {
        if (inside && mask[next] && !labels[next]) {
          labels[next] = l;
          stack.push(next);
        }
      };
      reach(at - 1, i > 0);
      reach(at + 1, i < nx - 1);
      reach(at - nx, j > 0);
      reach(at + nx, j < ny - 1);
      reach(at - plane, k > 0);
      reach(at + plane, k < nz - 1);
    }
  }
  return { labels, sizes };
}

/**
 * Squared Euclidean distance in voxels to the nearest set voxel; 0 inside the mask, Infinity when it is empty.
 * Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions (2012): one lower envelope a line.
 */
function squaredDistance(mask: Mask, dims: Point3): Float32Array {
  const d = Float32Array.from(mask, v => (v ? 0 : Number.POSITIVE_INFINITY));
  const strides: Point3 = [1, dims[0], dims[0] * dims[1]];
  for (const axis of [0, 1, 2] as const) {
    const n = dims[axis];
    const stride = strides[axis];
    const line = new Float64Array(n);
    const vertex = new Int32Array(n);
    const border = new Float64Array(n + 1);
    for (let start = 0; start < d.length; start++) {
      if (((start / stride) | 0) % n !== 0) continue;
      for (let q = 0; q < n; q++) line[q] = d[start + q * stride];
      let k = -1;
      for (let q = 0; q < n; q++) {
        if (line[q] === Number.POSITIVE_INFINITY) continue;
        let s = Number.NEGATIVE_INFINITY;
        while (k >= 0) {
          const v = vertex[k];
          s = (line[q] + q * q - line[v] - v * v) / (2 * (q - v));
          if (s > border[k]) break;
          k--;
          s = Number.NEGATIVE_INFINITY;
        }
        vertex[++k] = q;
        border[k] = s;
        border[k + 1] = Number.POSITIVE_INFINITY;
      }
      if (k < 0) continue;
      let at = 0;
      for (let q = 0; q < n; q++) {
        while (border[at + 1] < q) at++;
        const gap = q - vertex[at];
        d[start + q * stride] = gap * gap + line[vertex[at]];
      }
    }
  }
  return d;
}
