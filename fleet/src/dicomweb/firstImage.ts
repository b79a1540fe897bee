import { type DicomJson, type DicomWeb, textOf } from './DicomWeb';

const SOP_INSTANCE_UID = '00080018';

/** The metadata of an image of a series; undefined where it has none. @throws StoreFailure */
export async function firstImage(
  pacs: DicomWeb,
  study: string,
  SeriesInstanceUID: string,
): Promise<DicomJson | undefined> {
  const path = `/studies/${study}/series/${SeriesInstanceUID}/instances`;
  for await (const image of pacs.search(path, '', 1)) {
    const [json] = await pacs.json(`${path}/${textOf(image, SOP_INSTANCE_UID)}/metadata`);
    return json;
  }
  return undefined;
}
