import type { Network } from '../inference/Runtime';
import type { Volume } from '../volume/Volume';
import type { BrainRules } from './brainManifest';
import { addBrainProbability } from './brainProbability';
import { freeOfNeck } from './freeOfNeck';
import { type ExtractedBrain, wholeIfStripped } from './stripped';

/**
 * Finds the brain: the network looks at every contrast by itself, and their mean decides. What it finds is freed of thin
 * bridges to the neck, reduced to one piece, and filled. A study that was stripped before keeps all it shows.
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
  const sum = new Float32Array(data.length);
  let done = 0;
  for (const volume of volumes) {
    await addBrainProbability(volume, network, rules, sum, () => onSlab(++done, of), signal);
  }
  const found = Uint8Array.from(sum, p => (p > 0.5 * volumes.length ? 1 : 0));
  const brain = freeOfNeck(found, dims);
  return wholeIfStripped(brain, volumes, rules.stripped_share);
}
