import { bundlePrecision } from '../bundle/loadBundle';
import { openModels } from '../models';
import type { OnStep } from '../progress';
import type { Options } from './arguments';
import { bundleFolder, folderReader } from './bundleFolder';
import { checkOutput } from './outputFolders';
import { planJob } from './planJob';
import { readStudy } from './readStudy';
import type { StageClock } from './StageClock';
import { readSources, runStudyJob, type StudyOutcome } from './studyJob';

/**
 * The whole walk for a study on disk, from its files to the derived series' files.
 * @throws SynthesisError with one sentence; nothing is left in the output folder then
 */
export async function synthesizeStudy(
  options: Options,
  clock: StageClock,
  onStep: OnStep,
  signal?: AbortSignal,
): Promise<StudyOutcome> {
  const { targets, out, seed, provider } = options;
  const folders = {
    bundle: bundleFolder('bundle', options.bundle),
    brainBundle: bundleFolder('brain-bundle', options.brainBundle),
  };
  await checkOutput(out, targets);
  const study = await readStudy(options.study, signal);
  const plan = planJob(study, options);
  const sources = await readSources(plan, onStep, signal);
  const models = await openModels(folders, folderReader, signal);
  const { manifest } = models.cdm;
  const samples = options.samples ?? manifest.samples;
  const precision = bundlePrecision(manifest, options.precision);
  const job = { study, plan, models, targets, samples, seed, provider, precision, out };
  return runStudyJob(job, sources, clock, onStep, signal);
}
