import { eachRun, type Mask } from './Mask';
import { percentiles } from './statistics';
import type { Volume } from './Volume';

export interface NormalizationRule {
  /** Percentile that becomes 0. */
  lower: number;
  /** Percentile that becomes 1. */
  upper: number;
  /** Values are clipped to [0, ceiling]. */
  ceiling: number;
}

export interface Normalized extends Volume {
  /** Distance from the zero of the values before to that of the values in `data`, in the latter. */
  floor: number;
}

/** `value` clipped to [0, ceiling]; much faster on whole volumes than Math.min and Math.max. */
export function clip(value: number, ceiling: number): number {
  if (value < 0) return 0;
  return value > ceiling ? ceiling : value;
}

/**
 * Scales a volume so that the given percentiles inside the mask become 0 and 1; outside the result is 0.
 * @param into receives the result, laid out like volume.data; may be volume.data itself
 * @returns values in [0, ceiling] on the same grid
 * @throws RangeError when the mask is empty
 */
export function normalize(
  volume: Volume,
  mask: Mask,
  rule: NormalizationRule,
  into: Float32Array = new Float32Array(volume.data.length),
): Normalized {
  const { data } = volume;
  const [low, high] = percentiles(data, mask, [rule.lower, rule.upper]);
  const scale = high > low ? 1 / (high - low) : 0;
  let before = 0;
  eachRun(mask, (start, end) => {
    into.fill(0, before, start);
    for (let i = start; i < end; i++) into[i] = clip((data[i] - low) * scale, rule.ceiling);
    before = end;
  });
  into.fill(0, before);
  return { ...volume, data: into, floor: low * scale };
}
