import os from 'node:os';
import { downloadSize } from '../preflight/checkDownload';
import type { MachineFacts, PreflightFacts } from '../preflight/facts';
import { gridOf } from '../series/slices';
import type { StudyJob } from './studyJob';

/** Preflight facts of a job on files, from headers only. */
export function headerFacts(job: StudyJob): PreflightFacts & { machine: MachineFacts } {
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
    download: downloadSize(models, [...plan.sources.keys()], targets, options, precision, () => true),
  };
}
