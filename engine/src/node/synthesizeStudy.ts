import packageJson from '../../package.json';
import { loadBundle } from '../bundle/loadBundle';
import { cdmNetworks } from '../cdm/synthesizeCdm';
import type { Contrast } from '../contrast/Contrast';
import { derivedSeries } from '../dicom/derivedSeries';
import { checkpoint } from '../errors';
import { withNetworks } from '../inference/withNetworks';
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

/** What a finished job on files has to tell. */
export interface StudyOutcome {
  bundle: { id: string; version: string; name: string; sha256: string };
  plan: JobPlan;
  outputs: { target: Contrast; SeriesInstanceUID: string; files: string[] }[];
  samples: number;
  seed: number;
  provider: NodeProvider;
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
  const folder = bundleFolder(options.bundle);
  await checkOutput(out, targets);
  const study = await readStudy(options.study, signal);
  const plan = planJob(study, options);
  const volumes = await readSources(plan, onStep, signal);
  const wanted = cdmNetworks([...volumes.keys()], targets);
  const bundle = await loadBundle(folder, folderReader(folder), () => wanted, onStep, signal);
  const { manifest, sha256 } = bundle;
  const samples = options.samples ?? manifest.samples;
  const runtime = await createOrtNodeRuntime(provider);
  const results = await withNetworks(runtime, bundle.networks, async network => {
    clock.lap('download');
    await checkpoint(signal);
    const request = { sources: volumes, reference: plan.reference, targets, samples, seed };
    return synthesize(request, manifest, network, onStep, signal);
  });
  const reference = plan.sources.get(plan.reference)!;
  const { slices } = sortSlices(reference.files, reference.description);
  const { id, version, name } = manifest;
  const used = study.series.map(s => s.SeriesNumber);
  const sources = [...plan.sources].map(([contrast, s]) => ({
    contrast,
    SeriesInstanceUID: s.SeriesInstanceUID,
  }));
  const series = [...results].map(([target, volume], n) => ({
    target,
    datasets: derivedSeries({
      volume,
      reference: slices.map(s => s.instance),
      seriesNumber: freeSeriesNumber(used) + n,
      derivation: {
        target,
        sources,
        bundle: { id, version, name },
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
    bundle: { id, version, name, sha256 },
    plan,
    outputs: series.map(({ target, datasets }, n) => ({
      target,
      SeriesInstanceUID: String(datasets[0].SeriesInstanceUID),
      files: files[n],
    })),
    samples,
    seed,
    provider,
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
