import type { Mask } from './Mask';

/** Mean of the values where the mask is set; 0 of an empty mask. */
export function meanInside(values: Float32Array, mask: Mask): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (!mask[i]) continue;
    sum += values[i];
    count++;
  }
  return count > 0 ? sum / count : 0;
}
