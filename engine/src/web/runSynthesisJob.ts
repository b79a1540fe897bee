import { METHODS } from '../methods';
import { completeOptions, completeTargets, detailsOf, modelRecord, openModel } from '../models';
import { synthesize } from '../synthesize';
import { type JobContext, withFallback } from './JobContext';
import type { SynthesisOutcome, WorkerJob } from './protocol';

/** One job from the bundle to the volumes. */
export async function runSynthesisJob(
  job: WorkerJob,
  host: JobContext,
  methods = METHODS,
): Promise<SynthesisOutcome> {
  const model = await openModel(job.bundle, host.reader(job.bundle), host.signal, methods);
  const { manifest, method } = model;
  const { intended_use, not_for, limitations } = manifest;
  const options = completeOptions(model, job.options);
  const targets = completeTargets(model, job.targets);
  const ids = targets.map(({ id }) => id);
  const wanted = { bundle: model, names: method.networks(manifest, [...job.sources.keys()], ids, options) };
  return withFallback(job.provider, wanted, host, async (network, provider) => {
    const began = performance.now();
    const results = await synthesize({ ...job, targets, options }, model, network, host.onStep, host.signal);
    const seconds = (performance.now() - began) / 1000;
    return {
      results,
      ...modelRecord(model, options),
      card: { intended_use, not_for, limitations },
      details: new Map(targets.map(t => [t.id, detailsOf(model, t, options, job.seed)])),
      seed: job.seed,
      provider,
      seconds,
    };
  });
}
