import { Networks } from '../backends/Networks';
import { nodeBackends } from '../backends/node';
import type { BundleCheck } from '../bundle/checkFields';
import type { BundleName, Derivation, RegistrationRecord } from '../dicom/record';
import type { Method } from '../methods/Method';
import type { Job, JobPorts } from '../pipeline/Job';
import { LocalExecutor } from '../pipeline/LocalExecutor';
import { makeSeries } from '../pipeline/makeSeries';
import type { MeasuredSources } from '../pipeline/measureSources';
import { counter, type StepOptions, stageNames } from '../progress';
import type { JobPlan } from '../series/plan';
import { folderReader } from './bundleFolder';
import { errorMapFiles, errorMapSeries } from './errorMapFiles';
import { type OutputSeries, writeOutput } from './outputFolders';
import type { FileSeries, FileStudy } from './readStudy';
import { readVolume } from './readVolume';
import type { StageClock } from './StageClock';

/** A job on files. */
export interface FileJob extends Job<FileSeries> {
  study: FileStudy;
  out: string;
  /** Whether the error maps are written too. */
  uncertainty?: boolean;
}

/** Who follows a job on files. */
export interface FileJobOptions extends StepOptions {
  clock: StageClock;
  /** Called with which files of the study are left out, before anything else can stop the job. */
  onLeftOut?(warnings: readonly string[]): void;
  methods: readonly Method[];
  /** Of a process that makes many studies: started networks stay for the next; default: this job alone. */
  ports?: JobPorts<FileSeries>;
}

/** One derived series on disk; `meanSpread` is that over the region, normalized units. */
export interface StudyOutput extends Pick<Derivation, 'target' | 'caution' | 'parameters' | 'slices'> {
  SeriesInstanceUID: string;
  files: string[];
  meanSpread: number;
  /** The error map, where it was asked for, and where something cannot be told. */
  errorMap?: string;
  indeterminate?: string;
}

/** Outcome of a job on files. */
export interface StudyOutcome
  extends Pick<Derivation, 'method' | 'seed' | 'provider' | 'precision' | 'server'> {
  plan: JobPlan<FileSeries>;
  bundle: BundleName;
  region: BundleName;
  /** By source, without the reference. */
  registration: readonly RegistrationRecord[];
  outputs: StudyOutput[];
  /** Of the self-check, if there was one. */
  check: Derivation['check'];
  /** What the bundle says of its self-checks. */
  bundleCheck: BundleCheck | undefined;
  seconds: Record<string, number>;
  /** Largest resident size of this process so far, MiB. */
  peakMemory: number;
  warnings: string[];
}

/** Files as a job's study, and this process as its executor. */
export function filePorts(methods: readonly Method[]): JobPorts<FileSeries> {
  const networks = new Networks(nodeBackends(), { reader: folderReader });
  return {
    study: { images: ({ files }) => files, readVolume },
    executor: new LocalExecutor(networks, methods),
  };
}

/**
 * Runs a measured job to the files of the derived series.
 * @throws SynthesisError; the output folder is empty then
 */
export async function finishFileJob(
  job: FileJob,
  measured: MeasuredSources,
  { study, executor }: JobPorts<FileSeries>,
  { clock, onStep = () => {}, signal, ports }: FileJobOptions,
): Promise<StudyOutcome> {
  const { plan, models } = job;
  const { series } = await makeSeries(job, measured, study, { onStep, signal });
  const errors = await measured.open.errors({}, {});
  if (!ports) await executor.release();
  const [first] = series;
  const output: OutputSeries[] = series.map(({ derivation, datasets }) => ({
    folder: derivation.target,
    datasets,
  }));
  for (const made of job.uncertainty ? series : []) {
    output.push(...(await errorMapSeries(made, errors.get(made.derivation.target)!)));
  }
  const of = output.reduce((sum, { datasets }) => sum + datasets.length, 0);
  const files = await writeOutput(job.out, output, counter(onStep, 'finish', of), signal);
  const { bundle, region, method, seed, provider, precision, server } = first.derivation;
  return {
    ...{ bundle, region, method, seed, provider, precision, server },
    plan,
    registration: measured.registration,
    check: first.derivation.check,
    bundleCheck: models.synthesis.manifest.check,
    outputs: series.map(({ derivation: { target, caution, parameters, slices }, SeriesInstanceUID }, n) => ({
      target,
      ...(caution && { caution }),
      ...(parameters && { parameters }),
      ...(slices && { slices }),
      SeriesInstanceUID,
      files: files[n],
      meanSpread: errors.get(target)!.mean,
      ...errorMapFiles(target, output, files),
    })),
    seconds: clock.seconds(stageNames(models.synthesis.method.stages, plan.domain.region.id)),
    peakMemory: Math.round(process.resourceUsage().maxRSS / 1024),
    warnings: job.study.warnings,
  };
}
