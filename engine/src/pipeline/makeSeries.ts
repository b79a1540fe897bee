import packageJson from '../../package.json';
import type { BackendSettings } from '../backends/Backend';
import type { Dataset } from '../dicom/Dataset';
import { derivedImages } from '../dicom/derivedSeries';
import type { Derivation } from '../dicom/record';
import { repeatableUids } from '../dicom/repeatableUids';
import { domainOf } from '../domains';
import { nextTask, throwIfCancelled } from '../errors';
import { bundleName, modelRecord } from '../models';
import { freeSeriesNumber, type StudySeries } from '../series/StudySeries';
import { sortSlices } from '../series/slices';
import { gridOfSlices } from '../volume/sliceRange';
import type { Grid } from '../volume/Volume';
import type { RunOptions } from './Executor';
import type { Job, StudyPort } from './Job';
import type { MeasuredSources } from './measureSources';

/** A synthesized series, ready to be written. */
export interface MadeSeries {
  SeriesInstanceUID: string;
  /** Provenance, as in its datasets. */
  derivation: Derivation;
  /** One per image, with PixelData. */
  datasets: readonly Dataset[];
  /** Of the reference, or of those slices of it. */
  grid: Grid;
}

export interface MadeJob {
  /** One a target. */
  series: readonly MadeSeries[];
  settings: BackendSettings;
}

/**
 * Second half of a job: runs the method and derives a series for each target.
 * @throws SynthesisError as `JobSteps.synthesize`
 */
export async function makeSeries<S extends StudySeries>(
  job: Job<S>,
  { records, registration, open }: MeasuredSources,
  study: Pick<StudyPort<S>, 'images'>,
  run: RunOptions,
): Promise<MadeJob> {
  const { plan, models, targets, options, seed, slices, placement, check, repeatable } = job;
  const { method: _, ...bundle } = models.synthesis;
  const domain = domainOf(bundle.manifest.domain);
  const input = { bundle, targets, options, seed, slices, ...placement };
  const { images, settings } = await open.synthesize(input, run);
  throwIfCancelled(run.signal);
  const { runtime, provider, precision, server } = settings;
  const made = {
    domain: domain.id,
    sources: [...records],
    reference: plan.reference,
    registration: [...registration],
    ...modelRecord(models.synthesis, options),
    region: bundleName(models.region),
    seed,
    ...(slices && { slices }),
    runtime,
    provider,
    precision,
    ...(server && { server }),
    softwareVersion: packageJson.version,
    ...(check && { check: [...check] }),
  };
  const reference = plan.sources.get(plan.reference)!;
  const acquired = new Map([...plan.sources].map(([role, source]) => [role, study.images(source)] as const));
  const sorted = sortSlices(acquired.get(plan.reference)!, reference.description);
  const shown = slices ? sorted.slices.slice(slices.from - 1, slices.to) : sorted.slices;
  const grid = slices ? gridOfSlices(sorted.grid, slices) : sorted.grid;
  const instances = {
    reference: shown.map(({ instance }) => instance),
    sources: new Map([...acquired].map(([role, images]) => [role, images.map(({ instance }) => instance)])),
  };
  const number = freeSeriesNumber(plan.rows.map(({ series }) => series.SeriesNumber));
  const series: MadeSeries[] = [];
  for (const [n, { id, parameters, lesions, ...image }] of images.entries()) {
    const caution = bundle.manifest.targets?.[id]?.caution;
    const derivation: Derivation = { target: id, parameters, ...(caution && { caution }), lesions, ...made };
    const derived = derivedImages(domain, {
      ...image,
      ...instances,
      seriesNumber: number + n,
      derivation,
      now: repeatable ?? new Date(),
      uids: repeatable && (await repeatableUids(plan.study, derivation, shown.length)),
    });
    const datasets: Dataset[] = [];
    for (const dataset of derived) {
      datasets.push(dataset);
      // The page goes on in between.
      await nextTask();
      throwIfCancelled(run.signal);
    }
    const SeriesInstanceUID = String(datasets[0].SeriesInstanceUID);
    series.push({ SeriesInstanceUID, derivation, datasets, grid });
  }
  return { series, settings };
}
