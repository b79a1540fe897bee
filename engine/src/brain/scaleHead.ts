import { above, type Mask } from '../volume/Mask';
import { clipped, percentileOf } from '../volume/normalize';
import type { BrainRules } from './brainManifest';

export interface ScaledHead {
  /** Values in [0, ceiling]; 1 is the bright end of what is not background. */
  data: Float32Array;
  /** What is not background. */
  foreground: Mask;
}

/**
 * Brings one contrast to the scale the brain network was trained on.
 * @param values any unit; negative values count as 0
 * @throws RangeError when no value is positive
 */
export function scaleHead(values: Float32Array, rules: BrainRules['input']): ScaledHead {
  const shown = whereAbove(values, 0);
  if (shown.length === 0) throw new RangeError('No value is positive.');
  const limit = rules.foreground * percentileOf(shown, rules.peak_percentile);
  const bright = percentileOf(whereAbove(shown, limit), rules.bright_percentile);
  const data = new Float32Array(values.length);
  for (let i = 0; i < data.length; i++) data[i] = clipped(values[i] / bright, rules.ceiling);
  return { data, foreground: above(values, limit) };
}

/** The values that exceed a limit. */
function whereAbove(values: Float32Array, limit: number): Float32Array {
  const kept = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) if (values[i] > limit) kept[count++] = values[i];
  return kept.subarray(0, count);
}
