import { isDeepStrictEqual } from 'node:util';
import type { MadeSeries } from './dicomweb/madeSeries';
import type { ListedSeries } from './dicomweb/seriesOfStudy';
import type { Settings } from './StudyJob';

type Target = Settings['targets'][number];

/**
 * The series of a study that was made of the same target with the same bundle, sources and settings, whole.
 * @param listed all series of the study
 * @param parametersFrom every parameter that the target would have of the sources of a series; asked of those
 *   alone that are the same in all else
 */
export async function seriesMade(
  target: Target,
  settings: Settings,
  made: readonly MadeSeries[],
  listed: readonly ListedSeries[],
  parametersFrom: (series: MadeSeries) => Promise<Target['parameters']>,
): Promise<MadeSeries | undefined> {
  const instances = new Map(listed.map(series => [series.SeriesInstanceUID, series.instances]));
  const alike = made.filter(
    series =>
      hasSettings(series, target.id, settings) &&
      isWhole(series) &&
      // An image more or less, and it is another source.
      [...sourcesOf(series)].every(([uid, count]) => instances.get(uid) === count),
  );
  for (const series of alike) {
    const { parameters = {} } = series.record;
    if (isDeepStrictEqual(parameters, { ...(await parametersFrom(series)) })) return series;
  }
  return undefined;
}

/** Instances of the series that it was made from, by SeriesInstanceUID. */
function sourcesOf({ record }: MadeSeries): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { SeriesInstanceUID: uid, images, instances } of record.sources) {
    // Two sources, such as echoes, may be of one series; as frames they share its instances.
    const before = counts.get(uid) ?? 0;
    counts.set(uid, instances === undefined ? before + images : Math.max(before, instances));
  }
  return counts;
}

function hasSettings(
  { record }: MadeSeries,
  target: Target['id'],
  { sources, reference, ...settings }: Settings,
): boolean {
  return (
    record.target === target &&
    record.bundle.sha256 === settings.bundle &&
    record.region.sha256 === settings.region &&
    isDeepStrictEqual({ ...record.method }, { ...settings.method }) &&
    record.seed === settings.seed &&
    record.precision === settings.precision &&
    (!reference || record.reference === reference) &&
    (!sources || record.sources.every(({ role }) => sources.includes(role)))
  );
}

/** Whether every image of the reference has its own: storing may have been cut short. */
function isWhole({ record, instances }: MadeSeries): boolean {
  return instances === record.sources.find(({ role }) => role === record.reference)?.images;
}
