import type { RoleId } from '../../domains/Role';
import type { Tensor } from '../../inference/Runtime';
import type { Volume } from '../../volume/Volume';
import type { Stack } from '../Method';

/**
 * The slices z-1, z, z+1 of one volume for each z of a slab, the edge slice repeated.
 * @returns [slab, 3, H, W]; a slab shorter than `size` is padded by repeating its last slice
 */
export function neighbourSlices({ data, dims }: Volume, slab: readonly number[], size: number): Tensor {
  const [width, height, depth] = dims;
  const plane = width * height;
  const out = new Float32Array(size * 3 * plane);
  for (let s = 0; s < size; s++) {
    const z = slab[Math.min(s, slab.length - 1)];
    for (let n = -1; n <= 1; n++) {
      const from = Math.min(depth - 1, Math.max(0, z + n)) * plane;
      out.set(data.subarray(from, from + plane), (3 * s + n + 1) * plane);
    }
  }
  return { dims: [size, 3, height, width], data: out };
}

/**
 * The C-UNet's input: three neighbouring slices of every role in the bundle's order, zeros where it is
 * absent.
 * @returns [slab, 3 * roles, H, W]
 */
export function stackSlices(
  stack: Stack,
  roles: readonly RoleId[],
  slab: readonly number[],
  size: number,
): Tensor {
  const [width, height] = [...stack.values()][0].dims;
  const block = 3 * width * height;
  const data = new Float32Array(size * roles.length * block);
  for (const [c, role] of roles.entries()) {
    const volume = stack.get(role);
    if (!volume) continue;
    const slices = neighbourSlices(volume, slab, size).data;
    for (let s = 0; s < size; s++) {
      data.set(slices.subarray(s * block, (s + 1) * block), (s * roles.length + c) * block);
    }
  }
  return { dims: [size, 3 * roles.length, height, width], data };
}

/** 1 for each role of the set, else 0, repeated for every slice: [slab, roles]. */
export function roleFlags(roles: readonly RoleId[], set: ReadonlySet<RoleId>, size: number): Tensor {
  const data = new Float32Array(size * roles.length);
  for (let s = 0; s < size; s++) {
    for (const [c, role] of roles.entries()) data[s * roles.length + c] = set.has(role) ? 1 : 0;
  }
  return { dims: [size, roles.length], data };
}

/** Cuts a list into slabs of at most `size`. */
export function slabs(indices: readonly number[], size: number): number[][] {
  const out: number[][] = [];
  for (let i = 0; i < indices.length; i += size) out.push(indices.slice(i, i + size));
  return out;
}
