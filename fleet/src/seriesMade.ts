import { isDeepStrictEqual } from 'node:util';
import type { MadeSeries } from './dicomweb/madeSeries';
import type { ListedSeries } from './dicomweb/seriesOfStudy';
import type { Settings } from './StudyJob';

/**
 * The series of a study that was made of the same target with the same bundle, sources and settings, whole.
 * @param listed all series of the study
 */
export function seriesMade(
  target: Settings['targets'][number],
  settings: Settings,
  made: readonly MadeSeries[],
  listed: readonly ListedSeries[],
): MadeSeries | undefined {
  const instances = new Map(listed.map(series => [series.SeriesInstanceUID, series.instances]));
  return made.find(
    series =>
      hasSettings(series, target, settings) &&
      isWhole(series) &&
      // An image more or less, and it is another source.
      [...series.sources].every(([uid, images]) => instances.get(uid) === images),
  );
}

function hasSettings(
  { record }: MadeSeries,
  target: Settings['targets'][number],
  { sources, reference, ...settings }: Settings,
): boolean {
  return (
    record.target === target.id &&
    isDeepStrictEqual(record.parameters ?? {}, target.parameters ?? {}) &&
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
