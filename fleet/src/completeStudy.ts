import path from 'node:path';
import { type JobModel, StageClock } from '@modality-synthesis/engine/node';
import type { DicomWeb } from './dicomweb/DicomWeb';
import { madeSeries, mayBeMade } from './dicomweb/madeSeries';
import { retrieveSeries } from './dicomweb/retrieveSeries';
import { type ListedSeries, seriesOfStudy } from './dicomweb/seriesOfStudy';
import { storeFolder } from './dicomweb/storeFolder';
import { told } from './dicomweb/told';
import type { EngineRequest } from './engine/messages';
import { FleetFailure } from './FleetFailure';
import { publishFolder } from './publishFolder';
import type { MadeOutcome, Outcome, StudyJob } from './StudyJob';
import { seriesMade } from './seriesMade';
import { withTemporaryFolder } from './temporaryFolder';

/** What one study needs of its worker. */
export interface Surroundings {
  pacs: DicomWeb;
  complete: JobModel['complete'];
  /** Runs the engine on files; only `made` or `refused`. */
  engine(request: Pick<EngineRequest, 'job' | 'study' | 'out'>): Promise<Outcome>;
  /** Store results in the archive. */
  store: boolean;
  /** Folder for results: OUT/<StudyInstanceUID>/<target>. */
  out?: string;
}

/**
 * Completes one study: retrieved, synthesized, written and stored, unless its archive says that it was done.
 * However often it is cut short and begun again, the archive has each series once: its UIDs derive from what
 * decides it (`Job.repeatable`).
 * @throws FleetFailure or StoreFailure
 */
export async function completeStudy(
  job: StudyJob,
  { pacs, complete, engine, store, out }: Surroundings,
): Promise<Outcome> {
  const listed = await seriesOfStudy(pacs, job.study);
  const present = await presentSeries(job, { pacs, complete }, listed);
  if (present) return { state: 'present', series: present };
  const acquired = listed.filter(series => series.Modality === 'MR' && !mayBeMade(series));
  if (acquired.length === 0) return { state: 'refused', code: 'no-mr-series' };
  return withTemporaryFolder(async folder => {
    const clock = new StageClock();
    const [study, made] = [path.join(folder, 'study'), path.join(folder, 'made')];
    for (const [n, { SeriesInstanceUID, instances }] of acquired.entries()) {
      const images = await retrieveSeries(pacs, job.study, SeriesInstanceUID, path.join(study, `${n}`));
      if (images < instances) throw new FleetFailure('pacs-incomplete', true);
    }
    clock.lap('retrieve');
    const outcome = await engine({ job, study, out: made });
    if (outcome.state === 'refused') return outcome;
    clock.lap('engine');
    // The archive last: what it has is done.
    for (const { target } of out ? outcome.series : [])
      await publishFolder(path.join(made, target), path.join(out!, job.study, target));
    for (const { target, SeriesInstanceUID } of store ? outcome.series : [])
      await storeFolder(pacs, job.study, SeriesInstanceUID, path.join(made, target));
    clock.lap('store');
    const { retrieve, store: stored } = clock.seconds(['retrieve', 'store']);
    return { ...outcome, seconds: { retrieve, ...outcome.seconds, store: stored } };
  });
}

/** The series of all targets, if the archive has them; undefined if one is missing. */
async function presentSeries(
  { study, settings }: StudyJob,
  { pacs, complete }: Pick<Surroundings, 'pacs' | 'complete'>,
  listed: readonly ListedSeries[],
) {
  const made = await madeSeries(pacs, study, listed);
  const found: MadeOutcome['series'] = [];
  for (const target of settings.targets) {
    const series = await seriesMade(target, settings, made, listed, async ({ record }) => {
      const [{ parameters }] = complete([target], record.parameters && (await told(pacs, study, record)));
      return parameters;
    });
    if (!series) return undefined;
    found.push({ target: target.id, SeriesInstanceUID: series.SeriesInstanceUID });
  }
  return found;
}
