import type { RoleId } from '../domains/Role';
import type { Mask } from '../volume/Mask';
import type { Volume } from '../volume/Volume';
import type { Tensor } from './Runtime';

/** Slices along k in which the mask holds anything, in slabs of at most `size`. */
export function slabsWithRegion(region: Mask, plane: number, size: number): number[][] {
  const slabs: number[][] = [];
  for (let z = 0; z * plane < region.length; z++) {
    if (!region.subarray(z * plane, (z + 1) * plane).includes(1)) continue;
    if (slabs.length === 0 || slabs[slabs.length - 1].length === size) slabs.push([]);
    slabs[slabs.length - 1].push(z);
  }
  return slabs;
}

/**
 * Every slice of a slab with its neighbours in every role of the bundle's order, zeros where one is absent;
 * the edge slices are repeated, and a short slab is filled with its last slice.
 * @returns [size, roles * (2 * neighbours + 1), H, W]
 */
export function neighbourhoods(
  sources: ReadonlyMap<RoleId, Volume>,
  roles: readonly RoleId[],
  slab: readonly number[],
  size: number,
  neighbours: number,
): Tensor {
  const [{ dims }] = sources.values();
  const [width, height, depth] = dims;
  const plane = width * height;
  const channels = roles.length * (2 * neighbours + 1);
  const data = new Float32Array(size * channels * plane);
  for (let s = 0, to = 0; s < size; s++) {
    const z = slab[Math.min(s, slab.length - 1)];
    for (const role of roles) {
      const volume = sources.get(role)?.data;
      for (let n = -neighbours; n <= neighbours; n++, to += plane) {
        const from = Math.min(depth - 1, Math.max(0, z + n)) * plane;
        if (volume) data.set(volume.subarray(from, from + plane), to);
      }
    }
  }
  return { dims: [size, channels, height, width], data };
}

/** The region on the slices of a slab, the last repeated, 0 or 1: [size, H, W]. */
export function regionOnSlab(region: Mask, slab: readonly number[], size: number, plane: number): Mask {
  const inside = new Uint8Array(size * plane);
  for (let s = 0; s < size; s++) {
    const z = slab[Math.min(s, slab.length - 1)];
    inside.set(region.subarray(z * plane, (z + 1) * plane), s * plane);
  }
  return inside;
}

/** 1 for each role that is a source, else 0, repeated for every slice: [size, roles]. */
export function availability(
  sources: ReadonlyMap<RoleId, Volume>,
  roles: readonly RoleId[],
  size: number,
): Tensor {
  const flags = roles.map(role => (sources.has(role) ? 1 : 0));
  const data = new Float32Array(size * roles.length);
  for (let s = 0; s < size; s++) data.set(flags, s * roles.length);
  return { dims: [size, roles.length], data };
}

/**
 * One plane at twice the resolution, bilinear, as PyTorch does with `align_corners=False`.
 * @param from [H / 2, W / 2]
 * @param to receives [H, W]
 */
export function enlarge(from: Float32Array, width: number, height: number, to: Float32Array): void {
  const [w, h] = [width / 2, height / 2];
  for (let y = 0; y < height; y++) {
    const [above, below, v] = between(y, h);
    for (let x = 0; x < width; x++) {
      const [left, right, u] = between(x, w);
      const top = from[above * w + left] * (1 - u) + from[above * w + right] * u;
      const bottom = from[below * w + left] * (1 - u) + from[below * w + right] * u;
      to[y * width + x] = top * (1 - v) + bottom * v;
    }
  }
}

/** The two of `count` samples around pixel `at` of twice as many, and the share of the second. */
function between(at: number, count: number): [first: number, second: number, share: number] {
  const place = Math.max(0, (at + 0.5) / 2 - 0.5);
  const first = Math.floor(place);
  return [first, Math.min(count - 1, first + 1), place - first];
}
