import packageJson from '../../package.json';
import { loadNetworks } from '../bundle/loadBundle';
import type { Dataset } from '../dicom/Dataset';
import { derivedSeries } from '../dicom/derivedSeries';
import type { Derivation, RegistrationRecord, SourceRecord } from '../dicom/record';
import type { Region } from '../domains/Region';
import type { Contrast } from '../domains/Role';
import { selfTest } from '../inference/selfTest';
import { withNetworks } from '../inference/withNetworks';
import { bundleName, type Models, modelRecord, requiredNetworks } from '../models';
import { counter, type OnStep, stageNames } from '../progress';
import { recordSource } from '../recordSource';
import { freeSeriesNumber } from '../series/StudySeries';
import { sortSlices } from '../series/slices';
import { type SynthesisRequest, synthesize } from '../synthesize';
import type { Volume } from '../volume/Volume';
import type { NodeProvider } from './arguments';
import { createOrtNodeRuntime } from './OrtNodeRuntime';
import { writeOutput } from './outputFolders';
import type { JobPlan } from './planJob';
import type { FileStudy } from './readStudy';
import { readVolume } from './readVolume';
import type { StageClock } from './StageClock';

/** A job on files. */
export interface StudyJob
  extends Pick<SynthesisRequest, 'targets' | 'options' | 'seed'>,
    Pick<Derivation, 'precision'> {
  study: FileStudy;
  plan: JobPlan;
  models: Models;
  provider: NodeProvider;
  out: string;
}

/** One derived series on disk; `meanSpread` is that over the brain, normalized units. */
export interface StudyOutput {
  target: Contrast;
  SeriesInstanceUID: string;
  files: string[];
  meanSpread: number;
}

/** Outcome of a job on files. */
export interface StudyOutcome
  extends Pick<StudyJob, 'plan' | 'seed' | 'provider' | 'precision'>,
    Pick<Derivation, 'bundle' | 'brain' | 'method'> {
  /** By source, without the reference. */
  registration: RegistrationRecord[];
  outputs: StudyOutput[];
  seconds: Record<string, number>;
  /** Largest resident size of this process so far, MiB. */
  peakMemory: number;
  warnings: string[];
}

/** Pixels of a plan's sources, with their provenance. */
export interface StudySources {
  volumes: Map<Contrast, Volume>;
  records: SourceRecord[];
}

/** Registered sources. */
export interface AlignedSources extends StudySources {
  registration: RegistrationRecord[];
}

/** @throws SynthesisError as `readVolume` */
export async function readSources(
  { sources }: JobPlan,
  onStep: OnStep,
  signal?: AbortSignal,
): Promise<StudySources> {
  const of = [...sources.values()].reduce((sum, s) => sum + s.images, 0);
  const step = counter(onStep, 'read', of);
  const volumes = new Map<Contrast, Volume>();
  const records: SourceRecord[] = [];
  for (const [contrast, series] of sources) {
    const volume = await readVolume(series, step, signal);
    volumes.set(contrast, volume);
    records.push(await recordSource(contrast, series, volume));
  }
  return { volumes, records };
}

/**
 * Runs a job from the sources' pixels and their brain to the files of the derived series.
 * @throws SynthesisError; the output folder is empty then
 */
export async function runStudyJob(
  job: StudyJob,
  { volumes, records, registration }: AlignedSources,
  brain: Region,
  clock: StageClock,
  onStep: OnStep,
  signal?: AbortSignal,
): Promise<StudyOutcome> {
  const { study, plan, models, targets, options, seed, provider, precision } = job;
  const { reference } = plan;
  const runtime = await createOrtNodeRuntime(provider);
  const ids = targets.map(({ id }) => id);
  const wanted = [requiredNetworks(models, [...volumes.keys()], ids, options).synthesis];
  const onnx = await loadNetworks(wanted, precision, onStep, signal);
  const request = { sources: volumes, reference, brain, targets, options, seed, spread: true };
  const results = await withNetworks(runtime, onnx, async network => {
    clock.lap('download');
    if (provider === 'webgpu') await selfTest(wanted, precision, network, onStep, signal);
    return synthesize(request, models.synthesis, network, onStep, signal);
  });
  const made = {
    ...modelRecord(models.synthesis, options),
    brain: bundleName(models.brain),
    sources: records,
    reference,
    registration,
    seed,
    runtime: 'onnxruntime-node',
    provider,
    precision,
    softwareVersion: packageJson.version,
  } as const;
  const number = freeSeriesNumber(study.series.map(s => s.SeriesNumber));
  const series = [...results].map(([target, { volume, parameters }], n) => ({
    target,
    datasets: derived(plan, volume, { target, parameters, ...made }, number + n),
  }));
  const of = series.reduce((sum, { datasets }) => sum + datasets.length, 0);
  const files = await writeOutput(job.out, series, counter(onStep, 'finish', of), signal);
  return {
    bundle: made.bundle,
    brain: made.brain,
    method: made.method,
    plan,
    registration,
    outputs: series.map(({ target, datasets }, n) => ({
      target,
      SeriesInstanceUID: String(datasets[0].SeriesInstanceUID),
      files: files[n],
      meanSpread: results.get(target)!.meanSpread!,
    })),
    seed,
    provider,
    precision,
    seconds: clock.seconds(stageNames(models.synthesis.method.stages)),
    peakMemory: Math.round(process.resourceUsage().maxRSS / 1024),
    warnings: study.warnings,
  };
}

function derived(plan: JobPlan, volume: Volume, derivation: Derivation, seriesNumber: number): Dataset[] {
  const reference = plan.sources.get(plan.reference)!;
  const { slices } = sortSlices(reference.files, reference.description);
  return derivedSeries({
    volume,
    reference: slices.map(s => s.instance),
    sources: [...plan.sources.values()].flatMap(({ files }) => files.map(f => f.instance)),
    seriesNumber,
    derivation,
    now: new Date(),
  });
}
