import { openBundle } from '../bundle/loadBundle';
import { BRAIN_NETWORK, brainManifestSchema } from '../domains/brain-mr/region/brainManifest';
import { findBrain } from '../domains/brain-mr/region/findBrain';
import { TimedNetwork } from '../inference/TimedNetwork';
import { bundleName } from '../models';
import { type JobContext, withFallback } from './JobContext';
import type { BrainJob, BrainOutcome } from './protocol';

/** Finds the brain and measures the speed of this machine. */
export async function runBrainJob(job: BrainJob, host: JobContext): Promise<BrainOutcome> {
  const bundle = await openBundle(
    brainManifestSchema,
    job.brainBundle,
    host.reader(job.brainBundle),
    host.signal,
  );
  const { manifest } = bundle;
  const { sources, reference } = job;
  // Its one network is small: loading and testing it is no stage.
  const quiet: JobContext = { ...host, onStep: () => {} };
  const wanted = { bundle, names: [BRAIN_NETWORK] };
  return withFallback(job.provider, wanted, quiet, async (network, provider) => {
    const timed = new TimedNetwork(network(BRAIN_NETWORK));
    const found = await findBrain(sources, reference, manifest, () => timed, host);
    return {
      found,
      brain: bundleName(bundle),
      provider,
      flopsPerSecond: manifest.networks[BRAIN_NETWORK].flops / timed.seconds(),
    };
  });
}
