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
import { type LoginHeaders, loginHeaders, withRenewedLogin } from '../login';
import type { DataSource, Services } from '../types';

/** Header of the stored error map of a loaded series. */
export function storedErrorMap(SeriesInstanceUID: string, services: Services): Dataset | undefined {
  return objectsBeside(SeriesInstanceUID, services).find(one => isErrorMapOf(one, SeriesInstanceUID));
}

/** The first instance of each series in the study of a series: maps and regions have no more. */
function objectsBeside(SeriesInstanceUID: string, { displaySetService }: Services): Dataset[] {
  const [shown] = displaySetService.getDisplaySetsForSeries(SeriesInstanceUID);
  const series = (shown && DicomMetadataStore.getStudy(shown.StudyInstanceUID)?.series) ?? [];
  return series.flatMap(({ instances }) => instances?.slice(0, 1) ?? []);
}

/** See ViewerPort.readErrorMap. */
export async function readErrorMap(
  SeriesInstanceUID: string,
  dataSource: DataSource,
  services: Services,
): Promise<ErrorMap | undefined> {
  const map = storedErrorMap(SeriesInstanceUID, services);
  if (!map) return undefined;
  const region = objectsBeside(SeriesInstanceUID, services).find(one => isRegionOf(one, SeriesInstanceUID));
  const read = (instance: Dataset) => readInstance(instance, dataSource, loginHeaders(services));
  return readMap(await read(map), region && (await read(region)));
}

/** An instance with its pixels, from the archive. */
async function readInstance(
  instance: Dataset,
  dataSource: DataSource,
  headers: LoginHeaders,
): Promise<Dataset> {
  const uid = (keyword: string) => String(instance[keyword]);
  try {
    const client = dataSource.retrieve?.getWadoDicomWebClient?.();
    if (!client) throw new Error('The data source has no WADO-RS.');
    const bytes = await withRenewedLogin(headers, () => {
      client.headers = headers();
      return client.retrieveInstance({
        studyInstanceUID: uid('StudyInstanceUID'),
        seriesInstanceUID: uid('SeriesInstanceUID'),
        sopInstanceUID: uid('SOPInstanceUID'),
      });
    });
    return readDataset(new Uint8Array(bytes));
  } catch (cause) {
    const series = uid('SeriesDescription');
    throw new SynthesisError('source-unreadable', message('error-map/unreachable', { series }), { cause });
  }
}
