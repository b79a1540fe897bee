import quickselect from 'quickselect';
import { count, eachRun, type Mask } from './Mask';

/** Mean of the values inside the mask; 0 when the mask is empty. */
export function maskedMean(values: Float32Array, mask: Mask): number {
  let [sum, voxels] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!mask[i]) continue;
    sum += values[i];
    voxels++;
  }
  return voxels > 0 ? sum / voxels : 0;
}

/**
 * Percentiles of the values inside the mask, linear between order statistics (numpy's default).
 * @param percents in any order, each in [0, 100]
 * @throws RangeError when the mask is empty
 */
export function percentiles(values: Float32Array, mask: Mask, percents: readonly number[]): number[] {
  const inside = new Float32Array(count(mask));
  let n = 0;
  eachRun(mask, (start, end) => {
    inside.set(values.subarray(start, end), n);
    n += end - start;
  });
  if (n === 0) throw new RangeError('The mask is empty.');
  return percents.map(percent => percentileOf(inside, percent));
}

/** One percentile of all values, as in `percentiles`; reorders the values. */
export function percentileOf(values: Float32Array | Float64Array, percent: number): number {
  const at = (percent / 100) * (values.length - 1);
  const low = Math.floor(at);
  quickselect(values as unknown as number[], low); // reads and swaps only, so a typed array will do
  // The next order statistic is the smallest of the values after `low`.
  let next = at > low ? Number.POSITIVE_INFINITY : values[low];
  for (let i = low + 1; at > low && i < values.length; i++) if (values[i] < next) next = values[i];
  return values[low] + (next - values[low]) * (at - low);
}

/** Median; the lower of the two middle values of an even number (Python's `statistics.median_low`). */
export function medianLow(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

/** Median; the higher of the two middle values of an even number (Python's `statistics.median_high`). */
export function medianHigh(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
