import { openBundle } from '../bundle/loadBundle';
import { DOMAINS } from '../domains';
import { TimedNetwork } from '../inference/TimedNetwork';
import { bundleName } from '../models';
import { type JobContext, withFallback } from './JobContext';
import type { BrainJob, BrainOutcome } from './protocol';

/** Finds the brain and measures the speed of this machine. */
export async function runBrainJob(job: BrainJob, host: JobContext): Promise<BrainOutcome> {
  const bundle = await openBundle(
    DOMAINS[0].region.manifest,
    job.brainBundle,
    host.reader(job.brainBundle),
    host.signal,
  );
  const { manifest } = bundle;
  const { sources, reference } = job;
  // Its one network is small: loading and testing it is no stage.
  const quiet: JobContext = { ...host, onStep: () => {} };
  const wanted = { bundle, names: DOMAINS[0].region.networks };
  return withFallback(job.provider, wanted, quiet, async (network, provider) => {
    const timed = new TimedNetwork(network(DOMAINS[0].region.networks[0]));
    const found = await DOMAINS[0].region.find(sources, reference, manifest, () => timed, host);
    return {
      found,
      brain: bundleName(bundle),
      provider,
      flopsPerSecond: manifest.networks[DOMAINS[0].region.networks[0]].flops / timed.seconds(),
    };
  });
}
