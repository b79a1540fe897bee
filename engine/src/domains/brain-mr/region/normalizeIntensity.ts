import { type Mask, threshold } from '../../../volume/Mask';
import { clip } from '../../../volume/normalize';
import { percentileOf } from '../../../volume/statistics';
import type { BrainRules } from './brainManifest';

export interface NormalizedImage {
  /** Values in [0, ceiling]; 1 is the bright percentile of the foreground. */
  data: Float32Array;
  /** Voxels that are not background. */
  foreground: Mask;
}

/**
 * Scales one contrast to the intensities that the brain network was trained on.
 * @param values any unit; negative values become 0
 * @throws RangeError when no value is positive
 */
export function normalizeIntensity(values: Float32Array, rules: BrainRules['input']): NormalizedImage {
  const positive = valuesAbove(values, 0);
  if (positive.length === 0) throw new RangeError('No value is positive.');
  const limit = rules.foreground * percentileOf(positive, rules.peak_percentile);
  const bright = percentileOf(valuesAbove(positive, limit), rules.bright_percentile);
  const data = new Float32Array(values.length);
  for (let i = 0; i < data.length; i++) data[i] = clip(values[i] / bright, rules.ceiling);
  return { data, foreground: threshold(values, limit) };
}

/** The values that exceed `limit`. */
function valuesAbove(values: Float32Array, limit: number): Float32Array {
  const kept = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > limit) kept[count++] = values[i];
  return kept.subarray(0, count);
}
