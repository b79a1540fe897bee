import type { Precision } from '../bundle/fields';
import { loadNetworks, type NetworkSelection } from '../bundle/loadBundle';
import { BRAIN_NETWORK } from '../domains/brain-mr/region/brainManifest';
import { type FoundBrain, findBrain } from '../domains/brain-mr/region/findBrain';
import type { Contrast } from '../domains/Role';
import { TimedNetwork } from '../inference/TimedNetwork';
import { withNetworks } from '../inference/withNetworks';
import type { Models } from '../models';
import type { OnStep } from '../progress';
import type { Volume } from '../volume/Volume';
import type { NodeProvider } from './arguments';
import { createOrtNodeRuntime } from './OrtNodeRuntime';

/**
 * The brain in the sources of a job on files, and how fast this machine ran the network that found it.
 * @throws SynthesisError as `findBrain`, `loadNetworks` and `createOrtNodeRuntime`
 */
export async function findStudyBrain(
  { models, provider, precision }: { models: Models; provider: NodeProvider; precision: Precision },
  volumes: ReadonlyMap<Contrast, Volume>,
  reference: Contrast,
  onStep?: OnStep,
  signal?: AbortSignal,
): Promise<{ brain: FoundBrain; flopsPerSecond: number }> {
  const bundle = models.brain;
  const wanted: NetworkSelection = { bundle, names: [BRAIN_NETWORK] };
  const onnx = await loadNetworks([wanted], precision, () => {}, signal);
  const runtime = await createOrtNodeRuntime(provider);
  return withNetworks(runtime, onnx, async network => {
    const timed = new TimedNetwork(network(BRAIN_NETWORK));
    const brain = await findBrain(volumes, reference, bundle.manifest, () => timed, { onStep, signal });
    return { brain, flopsPerSecond: bundle.manifest.networks[BRAIN_NETWORK].flops / timed.seconds() };
  });
}
