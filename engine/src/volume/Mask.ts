/** A set of voxels: 1 inside, 0 outside; laid out like Volume.data. */
export type Mask = Uint8Array;

/** Voxels whose value exceeds `limit`. */
export function threshold(values: Float32Array, limit: number): Mask {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < mask.length; i++) mask[i] = values[i] > limit ? 1 : 0;
  return mask;
}

/** Voxels in both masks. */
export function intersection(a: Mask, b: Mask): Mask {
  const out = new Uint8Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] & b[i];
  return out;
}

/** Voxels outside the mask. */
export function complement(mask: Mask): Mask {
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = 1 - mask[i];
  return out;
}

/**
 * A mask cleared on every slice along k but those given.
 * @param plane voxels of a slice
 */
export function onSlices(mask: Mask, slices: readonly number[], plane: number): Mask {
  const kept = new Uint8Array(mask.length);
  for (const k of slices) kept.set(mask.subarray(k * plane, (k + 1) * plane), k * plane);
  return kept;
}

/** Number of voxels in the mask. */
export function count(mask: Mask): number {
  let voxels = 0;
  eachRun(mask, (start, end) => {
    voxels += end - start;
  });
  return voxels;
}

/** Calls `visit` for each run of consecutive mask voxels in the array; `end` is excluded. */
export function eachRun(mask: Mask, visit: (start: number, end: number) => void): void {
  for (let start = mask.indexOf(1); start >= 0; ) {
    const next = mask.indexOf(0, start);
    const end = next < 0 ? mask.length : next;
    visit(start, end);
    start = next < 0 ? -1 : mask.indexOf(1, end);
  }
}
