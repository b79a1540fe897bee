import os from 'node:os';
import { downloadOf } from '../preflight/downloadOf';
import type { MachineFacts, PreflightFacts } from '../preflight/facts';
import { gridOf } from '../series/gridOf';
import type { StudyJob } from './studyJob';

/** What preflight can know of a job on files before their pixels are read. */
export function knownFacts(job: StudyJob): PreflightFacts & { machine: MachineFacts } {
  const { plan, targets, models, samples, steps, guidance, provider, precision } = job;
  const choices = { samples, steps, guidance };
  return {
    sources: plan.used.map(({ contrast, confidence, series: { files, description } }) => ({
      contrast: contrast!,
      description,
      confidence: confidence ?? undefined,
      grid: gridOf(files, description),
    })),
    reference: plan.reference,
    targets,
    model: { manifest: models.cdm.manifest, choices },
    machine: { provider: `Runs on onnxruntime-node (${provider}, ${precision}).`, memory: os.totalmem() },
    download: downloadOf(models, [...plan.sources.keys()], targets, choices, precision, () => true),
  };
}
