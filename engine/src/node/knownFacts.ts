import os from 'node:os';
import { downloadOf } from '../preflight/downloadOf';
import type { MachineFacts, PreflightFacts } from '../preflight/facts';
import { gridOf } from '../series/gridOf';
import type { StudyJob } from './studyJob';

/** What preflight can know of a job on files before their pixels are read. */
export function knownFacts(job: StudyJob): PreflightFacts & { machine: MachineFacts } {
  const { plan, models, options, provider, precision } = job;
  const targets = job.targets.map(({ id }) => id);
  return {
    sources: plan.used.map(({ contrast, confidence, series: { files, description } }) => ({
      contrast: contrast!,
      description,
      confidence: confidence ?? undefined,
      grid: gridOf(files, description),
    })),
    reference: plan.reference,
    targets,
    model: { ...models.synthesis, options },
    machine: { provider: `Runs on onnxruntime-node (${provider}, ${precision}).`, memory: os.totalmem() },
    download: downloadOf(models, [...plan.sources.keys()], targets, options, precision, () => true),
  };
}
