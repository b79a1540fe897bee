import { DOMAINS, METHODS, type Point3, type RoleId, readRecord } from '@modality-synthesis/engine';
import { isImageSeries, loadedSeries } from '../series/loadedSeries';
import { voxelReader } from '../series/voxelReader';
import type { ExtensionContext } from '../types';

/** Values at one position: the prediction's, and the measured one of the series on whose grid it lies. */
export interface SeriesValues {
  predicted?: number;
  acquired?: { role: RoleId; value: number };
}

/** Reads the values at a position (LPS mm). */
export type ReadValues = (world: Point3) => SeriesValues;

/** Reads values of a synthetic series and its reference, as far as the viewer has loaded their images. */
export function seriesValues(
  SeriesInstanceUID: string,
  { servicesManager, extensionManager }: Pick<ExtensionContext, 'servicesManager' | 'extensionManager'>,
): ReadValues {
  const { displaySetService } = servicesManager.services;
  const study = displaySetService.getDisplaySetsForSeries(SeriesInstanceUID)[0]?.StudyInstanceUID;
  const loaded = loadedSeries(
    displaySetService.getActiveDisplaySets().filter(d => d.StudyInstanceUID === study && isImageSeries(d)),
    extensionManager.getActiveDataSource()[0],
  );
  const of = (uid: string) => loaded.find(({ series }) => series.SeriesInstanceUID === uid);
  const prediction = of(SeriesInstanceUID);
  const record = prediction && attempt(() => readRecord(prediction.images[0].instance, METHODS, DOMAINS));
  const source = record?.sources.find(({ role }) => role === record.reference);
  const reference = source && of(source.SeriesInstanceUID);
  const predicted = prediction && attempt(() => voxelReader(prediction));
  const acquired = reference && attempt(() => voxelReader(reference));
  return world => {
    const value = acquired?.(world);
    return {
      predicted: predicted?.(world),
      acquired: source && value !== undefined ? { role: source.role, value } : undefined,
    };
  };
}

/** Undefined where it throws: a series that cannot be read has no values to show. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
