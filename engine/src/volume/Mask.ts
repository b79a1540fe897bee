/** A set of voxels, 1 inside; laid out like Volume.data. */
export type Mask = Uint8Array;

/** Where values exceed a limit. */
export function above(values: Float32Array, limit: number): Mask {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < mask.length; i++) mask[i] = values[i] > limit ? 1 : 0;
  return mask;
}

/** What is in both masks. */
export function both(a: Mask, b: Mask): Mask {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] & b[i];
  return out;
}

/** What is not in the mask. */
export function invert(mask: Mask): Mask {
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = 1 - mask[i];
  return out;
}

/** How many voxels are in the mask. */
export function count(mask: Mask): number {
  let voxels = 0;
  eachRun(mask, (start, end) => {
    voxels += end - start;
  });
  return voxels;
}

/** Calls `visit` for each stretch of the mask in the array, from its first voxel to the one after its last. */
export function eachRun(mask: Mask, visit: (start: number, end: number) => void): void {
  for (let start = mask.indexOf(1); start >= 0; ) {
    const next = mask.indexOf(0, start);
    const end = next < 0 ? mask.length : next;
    visit(start, end);
    start = next < 0 ? -1 : mask.indexOf(1, end);
  }
}
