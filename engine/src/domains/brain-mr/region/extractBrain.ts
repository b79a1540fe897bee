import type { Network } from '../../../inference/Runtime';
import type { Volume } from '../../../volume/Volume';
import type { BrainRules } from './brainManifest';
import { addBrainProbability } from './brainProbability';
import { maskFromProbability } from './maskFromProbability';
import { type ExtractedBrain, keepAllIfStripped } from './stripped';
import { correctSurface } from './surface';

/**
 * Brain extraction: the network runs on every contrast alone, the mean of the probabilities becomes a mask,
 * and the images correct its surface. Of skull-stripped sources everything is kept.
 * @param volumes one or more sources of any contrast on one canonical grid with the bundle's spacing, any
 *   unit, >= 0
 * @param network the bundle's `brain`
 * @param onSlab called after every run of the network
 * @throws RangeError when a volume has no positive value, SynthesisError `cancelled`
 */
export async function extractBrain(
  volumes: readonly Volume[],
  network: Network,
  rules: BrainRules,
  onSlab?: () => void,
  signal?: AbortSignal,
): Promise<ExtractedBrain> {
  const { dims, data } = volumes[0];
  const mean = new Float32Array(data.length);
  const options = { weight: 1 / volumes.length, onSlab, signal };
  for (const volume of volumes) await addBrainProbability(mean, volume, network, rules, options);
  const brain = keepAllIfStripped(maskFromProbability(mean, dims), mean, volumes);
  if (brain.stripped || !rules.surface) return brain;
  return { ...brain, mask: correctSurface(brain.mask, mean, volumes, rules.surface) };
}
