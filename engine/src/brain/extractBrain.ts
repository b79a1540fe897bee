import type { Network } from '../inference/Runtime';
import type { Volume } from '../volume/Volume';
import type { BrainRules } from './brainManifest';
import { addBrainProbability } from './brainProbability';
import { certainBrain } from './certainBrain';
import { type ExtractedBrain, wholeIfStripped } from './stripped';
import { correctSurface } from './surface';

/**
 * Finds the brain: the network looks at every contrast by itself, and their mean decides: what is
 * sure, freed of thin bridges to the neck, and what is probable near it, in one piece and filled. A study that was stripped before
 * keeps all it shows; of any other the surface is corrected.
 * @param volumes one or more sources on one patientGrid (i to the left, j to the back, k to the head) of the bundle's
 *   spacing, any unit, >= 0; which contrast they are does not matter
 * @param network the bundle's `brain`
 * @param onSlab called after every run of the network: how many of how many are done
 * @throws RangeError when a volume is zero everywhere, SynthesisError `cancelled`
 */
export async function extractBrain(
  volumes: readonly Volume[],
  network: Network,
  rules: BrainRules,
  onSlab: (done: number, of: number) => void = () => {},
  signal?: AbortSignal,
): Promise<ExtractedBrain> {
  const { dims, data } = volumes[0];
  const of = volumes.length * Math.ceil(dims[2] / rules.grid.slab);
  const mean = new Float32Array(data.length);
  let done = 0;
  for (const volume of volumes) {
    await addBrainProbability(
      volume,
      network,
      rules,
      mean,
      1 / volumes.length,
      () => onSlab(++done, of),
      signal,
    );
  }
  const brain = certainBrain(mean, dims);
  const found = wholeIfStripped(brain, volumes, rules.stripped_share);
  if (found.stripped || !rules.surface) return found;
  return { ...found, mask: correctSurface(found.mask, mean, volumes, rules.surface) };
}
