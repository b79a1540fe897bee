import { version } from '../../package.json';
import { NODE_PROVIDERS, type NodeProvider } from '../backends/Backend';
import { bundlePrecision } from '../bundle/loadBundle';
import { number } from '../dicom/Dataset';
import type { Derivation } from '../dicom/record';
import { STORED_UNIT } from '../dicom/storedImage';
import { openModels } from '../models';
import { measureSources } from '../pipeline/measureSources';
import type { ReproduceOptions } from './arguments';
import { bundleFolder, folderReader } from './bundleFolder';
import { type FileJobOptions, filePorts, finishFileJob, type StudyOutcome } from './fileJob';
import { checkOutput } from './outputFolders';
import { checkBundles, checkOptions, checkPixels, planReproduction } from './planReproduction';
import { type DerivedImage, readDerivedImage, storedValues } from './readDerivedImage';
import { readStudy } from './readStudy';

/** Maximum difference between runtimes or providers, normalized units. */
export const REPRODUCTION_TOLERANCE = 1e-3;

/** Runtime that ran the networks of a job. */
type RuntimeEnvironment = Pick<Derivation, 'runtime' | 'provider' | 'precision'>;

/** Comparison of the given image with the reproduced one. */
export interface Comparison {
  /** The image that was given. */
  image: string;
  identical: boolean;
  /** Largest difference of the stored values, normalized units: 1 is the region's upper percentile. */
  largestDifference: number;
  /** Pixels that differ by more than REPRODUCTION_TOLERANCE. */
  pixelsBeyond: number;
  madeBy: RuntimeEnvironment;
  madeAgainBy: RuntimeEnvironment;
}

/**
 * Reproduces a series from the record in one of its images and from its sources, and compares that image.
 * A viewer's job runs on onnxruntime-node here, by default on the CPU, in the precision of the record.
 * @throws SynthesisError with one text; nothing is left in the output folder then
 */
export async function reproduce(
  options: ReproduceOptions,
  run: FileJobOptions,
): Promise<StudyOutcome & { again: Comparison }> {
  const { out, study: folder } = options;
  const made = await readDerivedImage(options.again, run.methods);
  const { record } = made;
  checkOptions(made, run.methods);
  const folders = {
    bundle: bundleFolder('bundle', options.bundle, record.bundle.id),
    regionBundle: bundleFolder('brain-bundle', options.regionBundle, record.region.id),
  };
  await checkOutput(out, [record.target]);
  const models = await openModels(folders, folderReader, run.signal, run.methods);
  checkBundles(made, models);
  const study = await readStudy(folder, run.signal);
  run.onLeftOut?.(study.warnings);
  const job = {
    ...{ study, models, out, seed: record.seed, slices: record.slices },
    plan: await planReproduction(study, made, folder),
    targets: [{ id: record.target, parameters: record.parameters }],
    options: record.method.options,
    placement: {
      backend: options.provider ?? providerOf(record),
      precision: bundlePrecision(models.synthesis.manifest, record.precision),
    },
  };
  const ports = run.ports ?? filePorts(run.methods);
  const measured = await measureSources(job, ports, run, {
    registration: record.registration ?? [],
    check: sources => checkPixels(made, sources),
  });
  const outcome = await finishFileJob(job, measured, ports, run);
  return {
    ...outcome,
    warnings: [...outcome.warnings, ...otherVersion(made)],
    again: await compare(made, outcome),
  };
}

/** Provider of the record if this runtime has it. */
function providerOf({ runtime, provider }: Derivation): NodeProvider {
  return NODE_PROVIDERS.find(own => runtime === 'onnxruntime-node' && own === provider) ?? 'cpu';
}

async function compare({ path, instance, record }: DerivedImage, outcome: StudyOutcome): Promise<Comparison> {
  const reproduced = outcome.outputs[0].files[(number(instance.InstanceNumber) ?? 1) - 1];
  const [a, b] = [await storedValues(path, instance), await storedValues(reproduced, instance)];
  const differences = Float32Array.from(a, (v, i) => Math.abs(v - b[i]) / STORED_UNIT);
  const largestDifference = differences.reduce((most, d) => Math.max(most, d), 0);
  return {
    image: path,
    identical: largestDifference === 0,
    largestDifference,
    pixelsBeyond: differences.filter(d => d > REPRODUCTION_TOLERANCE).length,
    madeBy: runtimeEnvironment(record),
    madeAgainBy: runtimeEnvironment({ ...outcome, runtime: 'onnxruntime-node' }),
  };
}

function runtimeEnvironment({ runtime, provider, precision }: RuntimeEnvironment): RuntimeEnvironment {
  return { runtime, provider, precision };
}

function otherVersion({ path, record }: DerivedImage): string[] {
  return record.softwareVersion === version
    ? []
    : [`${path} was made by version ${record.softwareVersion} of this software, this is version ${version}.`];
}
