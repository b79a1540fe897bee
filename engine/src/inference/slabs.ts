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
