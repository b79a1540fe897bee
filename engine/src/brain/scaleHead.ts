import { above, type Mask } from '../volume/morphology';
import { percentiles } from '../volume/normalize';
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
  const [peak] = percentiles(values, above(values, 0), [rules.peak_percentile]);
  const foreground = above(values, rules.foreground * peak);
  const [bright] = percentiles(values, foreground, [rules.bright_percentile]);
  const data = new Float32Array(values.length);
  for (let i = 0; i < data.length; i++) data[i] = Math.min(rules.ceiling, Math.max(0, values[i] / bright));
  return { data, foreground };
}
