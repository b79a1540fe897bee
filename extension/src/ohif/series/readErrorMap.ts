import {
  type Dataset,
  type ErrorMap,
  isErrorMapOf,
  isRegionOf,
  readDataset,
  readErrorMap as readMap,
  SynthesisError,
} from '@modality-synthesis/engine';
import { DicomMetadataStore } from '@ohif/core';
import { message } from '../../i18n/message';
import type { DataSource, Services } from '../types';

/** See ViewerPort.readErrorMap. */
export async function readErrorMap(
  SeriesInstanceUID: string,
  dataSource: DataSource,
  { displaySetService, userAuthenticationService }: Services,
): Promise<ErrorMap | undefined> {
  const [shown] = displaySetService.getDisplaySetsForSeries(SeriesInstanceUID);
  const series = (shown && DicomMetadataStore.getStudy(shown.StudyInstanceUID)?.series) ?? [];
  // Each object is a series of its own.
  const objects = series.flatMap(({ instances }) => instances?.slice(0, 1) ?? []);
  const map = objects.find(instance => isErrorMapOf(instance, SeriesInstanceUID));
  if (!map) return undefined;
  const region = objects.find(instance => isRegionOf(instance, SeriesInstanceUID));
  const headers = () => userAuthenticationService.getAuthorizationHeader() ?? {};
  const read = (instance: Dataset) => readInstance(instance, dataSource, headers);
  return readMap(await read(map), region && (await read(region)));
}

/** An instance with its pixels, from the archive. */
async function readInstance(
  instance: Dataset,
  dataSource: DataSource,
  headers: () => Record<string, string>,
): Promise<Dataset> {
  const uid = (keyword: string) => String(instance[keyword]);
  try {
    const client = dataSource.retrieve?.getWadoDicomWebClient?.();
    if (!client) throw new Error('The data source has no WADO-RS.');
    client.headers = headers();
    const bytes = await client.retrieveInstance({
      studyInstanceUID: uid('StudyInstanceUID'),
      seriesInstanceUID: uid('SeriesInstanceUID'),
      sopInstanceUID: uid('SOPInstanceUID'),
    });
    return readDataset(new Uint8Array(bytes));
  } catch (cause) {
    const series = uid('SeriesDescription');
    throw new SynthesisError('source-unreadable', message('error-map/unreachable', { series }), { cause });
  }
}
