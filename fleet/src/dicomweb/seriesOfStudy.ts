import { type DicomJson, type DicomWeb, textOf } from './DicomWeb';

/** A series that an archive lists. */
export interface ListedSeries {
  SeriesInstanceUID: string;
  Modality: string;
  SeriesDescription: string;
  /** Instances, not frames. */
  instances: number;
}

const FIELDS = {
  SeriesInstanceUID: '0020000E',
  Modality: '00080060',
  SeriesDescription: '0008103E',
  instances: '00201209',
} as const;

/** QIDO-RS of a study's series; counts those that the archive does not count itself. @throws StoreFailure */
export async function seriesOfStudy(pacs: DicomWeb, study: string): Promise<ListedSeries[]> {
  const query = Object.values(FIELDS).map(tag => `includefield=${tag}`);
  const listed: ListedSeries[] = [];
  for await (const json of pacs.search(`/studies/${study}/series`, query.join('&'))) {
    const series = listedSeries(json);
    const path = `/studies/${study}/series/${series.SeriesInstanceUID}/instances`;
    listed.push({ ...series, instances: series.instances ?? (await count(pacs.search(path))) });
  }
  return listed;
}

function listedSeries(json: DicomJson) {
  return {
    SeriesInstanceUID: textOf(json, FIELDS.SeriesInstanceUID),
    Modality: textOf(json, FIELDS.Modality),
    SeriesDescription: textOf(json, FIELDS.SeriesDescription),
    instances: json[FIELDS.instances]?.Value ? Number(textOf(json, FIELDS.instances)) : undefined,
  };
}

async function count(results: AsyncIterable<unknown>): Promise<number> {
  let n = 0;
  for await (const _ of results) n++;
  return n;
}
