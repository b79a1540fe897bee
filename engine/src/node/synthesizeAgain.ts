import packageJson from '../../package.json';
import { bundlePrecision } from '../bundle/loadBundle';
import { number } from '../dicom/Dataset';
import { STORED_UNIT } from '../dicom/derivedSeries';
import type { Derivation } from '../dicom/record';
import { METHODS } from '../methods';
import { openModels } from '../models';
import type { OnStep } from '../progress';

import { applyRegistration } from '../registration/Alignment';

import { type AgainOptions, NODE_PROVIDERS, type NodeProvider } from './arguments';
import { bundleFolder, folderReader } from './bundleFolder';
import { findStudyBrain } from './findStudyBrain';
import { checkOutput } from './outputFolders';
import { checkBundles, checkSources, planAgain } from './planAgain';
import { type MadeImage, readMade, storedValues } from './readMade';
import { readStudy } from './readStudy';
import type { StageClock } from './StageClock';
import { readSources, runStudyJob, type StudyOutcome } from './studyJob';

/** Another runtime or provider changes a series by no more than this, normalized units. */
export const AGAIN_TOLERANCE = 1e-3;

/** What ran the networks of a job. */
type Machinery = Pick<Derivation, 'runtime' | 'provider' | 'precision'>;

/** How the image that was given compares with the same image made again. */
export interface Comparison {
  /** The image that was given. */
  image: string;
  identical: boolean;
  /** Largest difference of the stored values, normalized units: 1 is the brain's upper percentile. */
  largestDifference: number;
  /** Pixels that differ by more than AGAIN_TOLERANCE. */
  pixelsBeyond: number;
  madeBy: Machinery;
  madeAgainBy: Machinery;
}

/**
 * Makes a series again from the record in one of its images and from its sources, and compares that image.
 * A viewer's job is run again by this machine's runtime, on the processor unless told otherwise, in the precision of the
 * record.
 * @throws SynthesisError with one text; nothing is left in the output folder then
 */
export async function synthesizeAgain(
  options: AgainOptions,
  clock: StageClock,
  onStep: OnStep,
  signal?: AbortSignal,
  methods = METHODS,
): Promise<StudyOutcome & { again: Comparison }> {
  const { out, study: folder } = options;
  const made = await readMade(options.again, methods);
  const { record } = made;
  const folders = {
    bundle: bundleFolder('bundle', options.bundle, record.bundle.id),
    brainBundle: bundleFolder('brain-bundle', options.brainBundle, record.brain.id),
  };
  await checkOutput(out, [record.target]);
  const models = await openModels(folders, folderReader, signal, methods);
  checkBundles(made, models);
  const study = await readStudy(folder, signal);
  const plan = planAgain(study, made, folder);
  const sources = await readSources(plan, onStep, signal);
  checkSources(made, sources.records);
  const { seed, parameters, registration = [] } = record;
  const provider = options.provider ?? providerOf(record);
  const precision = bundlePrecision(models.synthesis.manifest, record.precision);
  const targets = [{ id: record.target, parameters }];
  const job = {
    study,
    plan,
    models,
    targets,
    options: record.method.options,
    seed,
    provider,
    precision,
    out,
  };
  const volumes = applyRegistration(sources.volumes, registration);
  const { brain } = await findStudyBrain(job, volumes, plan.reference, onStep, signal);
  const outcome = await runStudyJob(job, { ...sources, volumes, registration }, brain, clock, onStep, signal);
  return {
    ...outcome,
    warnings: [...outcome.warnings, ...otherVersion(made)],
    again: await compare(made, outcome),
  };
}

/** The record's provider where it was this runtime's. */
function providerOf({ runtime, provider }: Derivation): NodeProvider {
  return NODE_PROVIDERS.find(own => runtime === 'onnxruntime-node' && own === provider) ?? 'cpu';
}

async function compare({ path, instance, record }: MadeImage, outcome: StudyOutcome): Promise<Comparison> {
  const again = outcome.outputs[0].files[(number(instance.InstanceNumber) ?? 1) - 1];
  const [a, b] = [await storedValues(path, instance), await storedValues(again, instance)];
  const differences = Float32Array.from(a, (v, i) => Math.abs(v - b[i]) / STORED_UNIT);
  const largestDifference = differences.reduce((most, d) => Math.max(most, d), 0);
  return {
    image: path,
    identical: largestDifference === 0,
    largestDifference,
    pixelsBeyond: differences.filter(d => d > AGAIN_TOLERANCE).length,
    madeBy: machinery(record),
    madeAgainBy: machinery({ ...outcome, runtime: 'onnxruntime-node' }),
  };
}

function machinery({ runtime, provider, precision }: Machinery): Machinery {
  return { runtime, provider, precision };
}

function otherVersion({ path, record }: MadeImage): string[] {
  const { version } = packageJson;
  return record.softwareVersion === version
    ? []
    : [`${path} was made by version ${record.softwareVersion} of this software, this is version ${version}.`];
}
