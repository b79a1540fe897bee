import packageJson from '../../package.json';
import { bundlePrecision } from '../bundle/loadBundle';
import { STORED_UNIT } from '../dicom/derivedSeries';
import type { Derivation } from '../dicom/record';
import { openModels } from '../models';
import type { OnStep } from '../progress';
import { applyRegistration } from '../registration/applyRegistration';
import { number } from '../series/attributes';
import { type AgainOptions, NODE_PROVIDERS, type NodeProvider } from './arguments';
import { bundleFolder, folderReader } from './bundleFolder';
import { findStudyBrain } from './findStudyBrain';
import { checkOutput } from './outputFolders';
import { checkBundles, checkSources, planAgain } from './planAgain';
import { type MadeImage, readMade, storedValues } from './readMade';
import { readStudy } from './readStudy';
import type { StageClock } from './StageClock';
import { readSources, runStudyJob, type StudyOutcome } from './studyJob';

/** How the image that was given compares with the same image made again. */
export interface Comparison {
  /** The image that was given. */
  image: string;
  identical: boolean;
  /** Largest difference of the stored values, normalized units: 1 is the brain's upper percentile. */
  largestDifference: number;
}

/**
 * Makes a series again from the record in one of its images and from its sources, and compares that image.
 * A viewer's job is run again by this machine's runtime, on the processor unless told otherwise.
 * @throws SynthesisError with one sentence; nothing is left in the output folder then
 */
export async function synthesizeAgain(
  options: AgainOptions,
  clock: StageClock,
  onStep: OnStep,
  signal?: AbortSignal,
): Promise<StudyOutcome & { again: Comparison }> {
  const { out, study: folder } = options;
  const made = await readMade(options.again);
  const { record } = made;
  const folders = {
    bundle: bundleFolder('bundle', options.bundle, record.bundle.id),
    brainBundle: bundleFolder('brain-bundle', options.brainBundle, record.brain.id),
  };
  const targets = [record.target];
  await checkOutput(out, targets);
  const models = await openModels(folders, folderReader, signal);
  checkBundles(made, models);
  const study = await readStudy(folder, signal);
  const plan = planAgain(study, made, folder);
  const sources = await readSources(plan, onStep, signal);
  checkSources(made, sources.records);
  const { samples, steps, guidance, seed, registration = [] } = record;
  const provider = options.provider ?? providerOf(record);
  const precision = bundlePrecision(models.cdm.manifest, record.precision);
  const job = { study, plan, models, targets, samples, steps, guidance, seed, provider, precision, out };
  const volumes = applyRegistration(sources.volumes, registration);
  const { brain } = await findStudyBrain(job, volumes, plan.reference, onStep, signal);
  const outcome = await runStudyJob(job, { ...sources, volumes, registration }, brain, clock, onStep, signal);
  return {
    ...outcome,
    warnings: [...outcome.warnings, ...otherVersion(made)],
    again: await compare(made, outcome.outputs[0].files),
  };
}

/** The record's provider where it was this runtime's. */
function providerOf({ runtime, provider }: Derivation): NodeProvider {
  return NODE_PROVIDERS.find(own => runtime === 'onnxruntime-node' && own === provider) ?? 'cpu';
}

async function compare({ path, instance }: MadeImage, files: readonly string[]): Promise<Comparison> {
  const again = files[(number(instance.InstanceNumber) ?? 1) - 1];
  const [a, b] = [await storedValues(path, instance), await storedValues(again, instance)];
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return { image: path, identical: largest === 0, largestDifference: largest / STORED_UNIT };
}

function otherVersion({ path, record }: MadeImage): string[] {
  const { version } = packageJson;
  return record.softwareVersion === version
    ? []
    : [`${path} was made by version ${record.softwareVersion} of this software, this is version ${version}.`];
}
