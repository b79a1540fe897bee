import quickselect from 'quickselect';
import { eachRun } from './Mask';
import type { Volume } from './Volume';

/**
 * Percentiles of the values where `mask` is set, with linear interpolation between order statistics (numpy's default).
 * @param percents ascending or not, each in [0, 100]
 * @throws RangeError when the mask is empty
 */
export function percentiles(values: Float32Array, mask: Uint8Array, percents: readonly number[]): number[] {
  const inside = new Float32Array(values.length);
  let count = 0;
  eachRun(mask, (start, end) => {
    inside.set(values.subarray(start, end), count);
    count += end - start;
  });
  if (count === 0) throw new RangeError('The mask is empty.');
  return percents.map(percent => percentileOf(inside.subarray(0, count), percent));
}

/** A percentile of all values, as `percentiles`; puts them in another order. */
export function percentileOf(values: Float32Array, percent: number): number {
  const at = (percent / 100) * (values.length - 1);
  const low = Math.floor(at);
  quickselect(values as unknown as number[], low); // it only reads and swaps, which a typed array does as well
  // What follows in order is the least of what quickselect left behind.
  let next = at > low ? Number.POSITIVE_INFINITY : values[low];
  for (let i = low + 1; at > low && i < values.length; i++) if (values[i] < next) next = values[i];
  return values[low] + (next - values[low]) * (at - low);
}

export interface NormalizationRule {
  /** Percent that becomes 0. */
  lower: number;
  /** Percent that becomes 1. */
  upper: number;
  /** Values are clipped to [0, ceiling]. */
  ceiling: number;
}

/** `value` in [0, ceiling]; compared, which for a whole volume is much faster than Math.min and Math.max. */
export function clipped(value: number, ceiling: number): number {
  if (value < 0) return 0;
  return value > ceiling ? ceiling : value;
}

/**
 * Scales a volume so that the given percentiles inside the mask become 0 and 1; outside the mask the result is 0.
 * @param into takes the result, laid out like volume.data; may be volume.data itself where that is not needed any more
 * @returns values in [0, ceiling] on the same grid
 */
export function normalize(
  volume: Volume,
  mask: Uint8Array,
  rule: NormalizationRule,
  into: Float32Array = new Float32Array(volume.data.length),
): Volume {
  const { data } = volume;
  const [low, high] = percentiles(data, mask, [rule.lower, rule.upper]);
  const scale = high > low ? 1 / (high - low) : 0;
  let before = 0;
  eachRun(mask, (start, end) => {
    into.fill(0, before, start);
    for (let i = start; i < end; i++) into[i] = clipped((data[i] - low) * scale, rule.ceiling);
    before = end;
  });
  into.fill(0, before);
  return { ...volume, data: into };
}
