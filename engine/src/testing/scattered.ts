import type { Mask } from '../volume/Mask';
import type { Point3 } from '../volume/Volume';

/** A reproducible mask with about one voxel in `every` set. */
export function scattered(every: number, seed: number, dims: Point3): Mask {
  let state = seed;
  return new Uint8Array(dims[0] * dims[1] * dims[2]).map(() => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % every === 0 ? 1 : 0;
  });
}
