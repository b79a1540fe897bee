import type { Precision } from '../bundle/fields';
import { loadNetworks, type NetworkSelection } from '../bundle/loadBundle';
import { DOMAINS } from '../domains';
import type { Region } from '../domains/Region';
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
): Promise<{ brain: Region; flopsPerSecond: number }> {
  const bundle = models.brain;
  const wanted: NetworkSelection = { bundle, names: DOMAINS[0].region.networks };
  const onnx = await loadNetworks([wanted], precision, () => {}, signal);
  const runtime = await createOrtNodeRuntime(provider);
  return withNetworks(runtime, onnx, async network => {
    const timed = new TimedNetwork(network(DOMAINS[0].region.networks[0]));
    const brain = await DOMAINS[0].region.find(volumes, reference, bundle.manifest, () => timed, {
      onStep,
      signal,
    });
    return {
      brain,
      flopsPerSecond: bundle.manifest.networks[DOMAINS[0].region.networks[0]].flops / timed.seconds(),
    };
  });
}
