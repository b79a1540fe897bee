import { StoreFailure, SynthesisError, storeImages } from '@modality-synthesis/engine';
import { message } from '../../i18n/message';
import type { DerivedSeries, StoreOptions } from '../../session/ViewerPort';
import { loginHeaders } from '../login';
import { seriesImages } from '../series/addSeries';
import type { DataSource, Services } from '../types';
import { createArchive } from './archive';
import { storeFailureMessage } from './storeFailureMessage';

/** See ViewerPort.storeSeries. */
export async function storeSeries(
  series: DerivedSeries,
  { storeTimeout, storeRetryDelays }: StoreOptions,
  dataSource: DataSource,
  services: Services,
  onStored: (done: number, of: number) => void,
): Promise<number> {
  const images = seriesImages(series.study, series.SeriesInstanceUID);
  const archive = createArchive(dataSource, loginHeaders(services), series, storeTimeout);
  try {
    await storeImages(images, archive, storeRetryDelays, done => onStored(done, images.length));
  } catch (thrown) {
    if (!(thrown instanceof StoreFailure)) throw thrown;
    const text = message('storage/failed', { reason: storeFailureMessage(thrown) });
    throw new SynthesisError('store-failed', text, { cause: thrown });
  }
  // The viewer queries the study again when it is opened next.
  dataSource.deleteStudyMetadataPromise?.(series.study);
  return images.length;
}
