import { openBundle } from '../bundle/loadBundle';
import { cdmManifestSchema } from '../bundle/manifest';
import { cdmNetworks } from '../cdm/synthesizeCdm';
import { recordChoices } from '../models';
import { synthesize } from '../synthesize';
import { type JobHost, onBestProvider } from './JobHost';
import type { SynthesisOutcome, WorkerJob } from './protocol';

/** One job from the bundle to the volumes. */
export async function runJob(job: WorkerJob, host: JobHost): Promise<SynthesisOutcome> {
  const bundle = await openBundle(cdmManifestSchema, job.bundle, host.reader(job.bundle), host.signal);
  const { manifest } = bundle;
  const { intended_use, not_for, limitations } = manifest;
  const request = { ...job, samples: job.samples ?? manifest.samples };
  const names = cdmNetworks(manifest, [...job.sources.keys()], job.targets, request);
  return onBestProvider(job.provider, { bundle, names }, host, async (network, provider) => {
    const began = performance.now();
    const results = await synthesize(request, manifest, network, host.onStep, host.signal);
    const seconds = (performance.now() - began) / 1000;
    return {
      results,
      ...recordChoices(bundle, request),
      card: { intended_use, not_for, limitations },
      seed: job.seed,
      provider,
      seconds,
    };
  });
}
