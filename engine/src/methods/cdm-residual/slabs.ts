import type { RoleId } from '../../domains/Role';
import type { Tensor } from '../../inference/Runtime';
import type { Stack } from '../Method';

/** What C-UNets make of some slices. */
export interface Found {
  slices: readonly number[];
  /** Channels of mean and scale. */
  contrasts: readonly RoleId[];
  /** By name, the first axis along the slices. */
  outputs: Readonly<Record<string, Tensor>>;
}

/** 1 for each role that is a source, else 0, repeated for every slice: [size, roles]. */
export function availability(sources: Stack, roles: readonly RoleId[], size: number): Tensor {
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
