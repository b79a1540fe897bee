import {
  type ErrorMap,
  parametricMap,
  StoreFailure,
  SynthesisError,
  segmentation,
  storeImages,
  writePart10,
} from '@modality-synthesis/engine';
import type { DerivedSeries, StoreOptions } from '../../session/ViewerPort';
import { loginHeaders } from '../login';
import { seriesInstances } from '../series/addSeries';
import type { DataSource, Services } from '../types';
import { createArchive } from './archive';
import { storeFailureMessage } from './storeFailureMessage';

/** A map holds all slices in one file: it is given the time of an image for each of so many bytes. */
const IMAGE = 2 ** 23;

/** See ViewerPort.storeErrorMap. */
export async function storeErrorMap(
  { study, SeriesInstanceUID }: DerivedSeries,
  map: ErrorMap,
  { storeTimeout, storeRetryDelays }: StoreOptions,
  dataSource: DataSource,
  services: Services,
): Promise<void> {
  const result = seriesInstances(study, SeriesInstanceUID);
  const now = new Date();
  const objects = [
    parametricMap(result, map, now),
    ...(map.region ? [segmentation(result, map.region, now)] : []),
  ];
  try {
    for (const object of objects) {
      const place = { study, SeriesInstanceUID: String(object.SeriesInstanceUID) };
      const bytes = writePart10(object);
      const timeout = storeTimeout * Math.ceil(bytes.byteLength / IMAGE);
      const archive = createArchive(dataSource, loginHeaders(services), place, timeout);
      const file = { SOPInstanceUID: String(object.SOPInstanceUID), read: async () => bytes };
      await storeImages([file], archive, storeRetryDelays, () => {});
    }
  } catch (thrown) {
    if (!(thrown instanceof StoreFailure)) throw thrown;
    throw new SynthesisError('store-failed', storeFailureMessage(thrown), { cause: thrown });
  }
  dataSource.deleteStudyMetadataPromise?.(study);
}
