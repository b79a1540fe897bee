import { BRAIN_NETWORK, brainManifestSchema } from '../brain/brainManifest';
import { openBundle } from '../bundle/loadBundle';
import { findBrain } from '../findBrain';
import { TimedNetwork } from '../inference/TimedNetwork';
import { bundleName } from '../models';
import { type JobHost, onBestProvider } from './JobHost';
import type { BrainJob, BrainOutcome } from './protocol';

/** Finds the brain, and how fast this machine is: the networks of the job itself are not loaded yet. */
export async function runBrainJob(job: BrainJob, host: JobHost): Promise<BrainOutcome> {
  const bundle = await openBundle(
    brainManifestSchema,
    job.brainBundle,
    host.reader(job.brainBundle),
    host.signal,
  );
  const { manifest } = bundle;
  const { sources, reference } = job;
  // Its one network is small: loading and testing it is no stage of its own.
  const quiet: JobHost = { ...host, onStep: () => {} };
  const wanted = { bundle, names: [BRAIN_NETWORK] };
  return onBestProvider(job.provider, wanted, quiet, async (network, provider) => {
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
