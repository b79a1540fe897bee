import {
  type Derivation,
  domainOf,
  readDicomJson,
  seriesAttributes,
  type Tell,
  type TellingSeries,
} from '@modality-synthesis/engine';
import type { DicomWeb } from './DicomWeb';
import { firstImage } from './firstImage';

/**
 * What the headers of the sources of a made series tell of its target's parameters: one image of each is
 * asked for.
 * @throws StoreFailure
 */
export async function told(
  pacs: DicomWeb,
  study: string,
  { domain, sources }: Pick<Derivation, 'domain' | 'sources'>,
): Promise<Tell> {
  const read = new Map<string, TellingSeries>();
  for (const { role, SeriesInstanceUID } of sources) {
    const image = await firstImage(pacs, study, SeriesInstanceUID);
    if (!image) continue;
    const attributes = seriesAttributes(readDicomJson(image));
    read.set(role, { attributes, description: attributes.SeriesDescription ?? '' });
  }
  return parameter => domainOf(domain).told(parameter, read);
}
