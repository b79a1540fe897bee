import os from 'node:os';
import { wantedFiles } from '../bundle/loadBundle';
import { wantedNetworks } from '../models';
import type { MachineFacts, PreflightFacts } from '../preflight/facts';
import { gridOf } from '../series/gridOf';
import type { StudyJob } from './studyJob';

/** What preflight can know of a job on files before their pixels are read. */
export function knownFacts(job: StudyJob): PreflightFacts & { machine: MachineFacts } {
  const { plan, targets, models, samples, steps, guidance, provider, precision } = job;
  const choices = { samples, steps, guidance };
  const wanted = wantedNetworks(models, [...plan.sources.keys()], targets, choices);
  const needed = wantedFiles(Object.values(wanted), precision).reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    sources: [...plan.sources].map(([contrast, { files, description }]) => ({
      contrast,
      description,
      grid: gridOf(files, description),
    })),
    reference: plan.reference,
    targets,
    model: { manifest: models.cdm.manifest, choices },
    machine: { provider: `Runs on onnxruntime-node (${provider}, ${precision}).`, memory: os.totalmem() },
    download: { needed, missing: 0 },
  };
}
