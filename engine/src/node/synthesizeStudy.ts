import packageJson from '../../package.json';
import type { Precision } from '../bundle/fields';
import { bundlePrecision, loadNetworks } from '../bundle/loadBundle';
import type { Contrast } from '../contrast/Contrast';
import { type BundleName, derivedSeries } from '../dicom/derivedSeries';
import { findBrain } from '../findBrain';
import { selfTest } from '../inference/selfTest';
import { withNetworks } from '../inference/withNetworks';
import { bundleName, openModels, wantedNetworks } from '../models';
import { type Progress, ProgressMeter, type Stage, type Step } from '../progress';
import { freeSeriesNumber } from '../series/StudySeries';
import { sortSlices } from '../series/slices';
import { synthesize } from '../synthesize';
import type { Volume } from '../volume/Volume';
import type { NodeProvider, Options } from './arguments';
import { bundleFolder, folderReader } from './bundleFolder';
import { createOrtNodeRuntime } from './OrtNodeRuntime';
import { checkOutput, writeOutput } from './outputFolders';
import { type JobPlan, planJob } from './planJob';
import { readStudy } from './readStudy';
import { readVolume } from './readVolume';
import { StageClock } from './StageClock';

/** One derived series on disk; `meanSpread` is that over the brain, normalized units. */
export interface StudyOutput {
  target: Contrast;
  SeriesInstanceUID: string;
  files: string[];
  meanSpread: number;
}

/** What a finished job on files has to tell. */
export interface StudyOutcome {
  bundle: BundleName;
  brain: BundleName;
  plan: JobPlan;
  outputs: StudyOutput[];
  samples: number;
  seed: number;
  provider: NodeProvider;
  precision: Precision;
  seconds: Record<Stage, number>;
  /** Largest resident size of this process so far, MiB. */
  peakMemory: number;
  warnings: string[];
}

/**
 * The whole walk for a study on disk, from its files to the derived series' files.
 * @throws SynthesisError with one sentence; nothing is left in the output folder then
 */
export async function synthesizeStudy(
  options: Options,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<StudyOutcome> {
  const { targets, out, seed, provider } = options;
  const clock = new StageClock();
  const meter = new ProgressMeter(onProgress);
  const onStep = (step: Step) => {
    clock.lap(step.stage);
    meter.step(step);
  };
  const folders = {
    bundle: bundleFolder('bundle', options.bundle),
    brainBundle: bundleFolder('brain-bundle', options.brainBundle),
  };
  await checkOutput(out, targets);
  const study = await readStudy(options.study, signal);
  const plan = planJob(study, options);
  const volumes = await readSources(plan, onStep, signal);
  const models = await openModels(folders, folderReader, signal);
  const { manifest } = models.cdm;
  const samples = options.samples ?? manifest.samples;
  const precision = bundlePrecision(manifest, options.precision);
  const runtime = await createOrtNodeRuntime(provider);
  const choices = { samples };
  const wanted = wantedNetworks(models, [...volumes.keys()], targets, choices);
  const brainOnnx = await loadNetworks([wanted.brain], precision, () => {}, signal);
  const found = await withNetworks(runtime, brainOnnx, network =>
    findBrain(volumes, plan.reference, models.brain.manifest, network, onStep, signal),
  );
  const onnx = await loadNetworks([wanted.cdm], precision, onStep, signal);
  const request = { sources: volumes, reference: plan.reference, brain: found, targets, seed, ...choices };
  const results = await withNetworks(runtime, onnx, async network => {
    clock.lap('download');
    if (provider === 'webgpu') await selfTest([wanted.cdm], precision, network, onStep, signal);
    return synthesize(request, manifest, network, onStep, signal);
  });
  const reference = plan.sources.get(plan.reference)!;
  const { slices } = sortSlices(reference.files, reference.description);
  const bundle = bundleName(models.cdm);
  const brain = bundleName(models.brain);
  const used = study.series.map(s => s.SeriesNumber);
  const sources = [...plan.sources].map(([contrast, s]) => ({
    contrast,
    SeriesInstanceUID: s.SeriesInstanceUID,
  }));
  const series = [...results].map(([target, { volume }], n) => ({
    target,
    datasets: derivedSeries({
      volume,
      reference: slices.map(s => s.instance),
      seriesNumber: freeSeriesNumber(used) + n,
      derivation: {
        target,
        sources,
        bundle,
        brain,
        samples,
        seed,
        softwareVersion: packageJson.version,
      },
      now: new Date(),
    }),
  }));
  let done = 0;
  const onFile = () => onStep({ stage: 'finish', done: ++done, of: series.length * slices.length });
  const files = await writeOutput(out, series, onFile, signal);
  return {
    bundle,
    brain,
    plan,
    outputs: series.map(({ target, datasets }, n) => ({
      target,
      SeriesInstanceUID: String(datasets[0].SeriesInstanceUID),
      files: files[n],
      meanSpread: results.get(target)!.meanSpread,
    })),
    samples,
    seed,
    provider,
    precision,
    seconds: clock.seconds(),
    peakMemory: Math.round(process.resourceUsage().maxRSS / 1024),
    warnings: study.warnings,
  };
}

async function readSources(
  { sources }: JobPlan,
  onStep: (step: Step) => void,
  signal?: AbortSignal,
): Promise<Map<Contrast, Volume>> {
  const of = [...sources.values()].reduce((sum, s) => sum + s.images, 0);
  let done = 0;
  const volumes = new Map<Contrast, Volume>();
  for (const [contrast, series] of sources) {
    volumes.set(
      contrast,
      await readVolume(series, () => onStep({ stage: 'read', done: ++done, of }), signal),
    );
  }
  return volumes;
}
