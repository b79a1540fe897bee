import { type Derivation, DOMAINS, METHODS, readRecord } from '@modality-synthesis/engine';
import { type DicomJson, type DicomWeb, textOf } from './DicomWeb';
import { firstImage } from './firstImage';
import type { ListedSeries } from './seriesOfStudy';

/** A series that this software made, as its archive holds it. */
export interface MadeSeries extends ListedSeries {
  record: Derivation;
}

const TAGS = {
  DerivationAlgorithmSequence: '00221612',
  AlgorithmParameters: '00660032',
} as const;

/** Whether this software, or another that marks its own, may have made a series: by its name. */
export function mayBeMade({ SeriesDescription }: ListedSeries): boolean {
  return /^synthetic\b/i.test(SeriesDescription);
}

/**
 * The series of a study that this software made, with their records: one image of each is asked for.
 * @throws StoreFailure
 */
export async function madeSeries(
  pacs: DicomWeb,
  study: string,
  listed: readonly ListedSeries[],
): Promise<MadeSeries[]> {
  const made: MadeSeries[] = [];
  for (const series of listed.filter(mayBeMade)) {
    const json = await firstImage(pacs, study, series.SeriesInstanceUID);
    const record = json && recordOf(json);
    if (record) made.push({ ...series, record });
  }
  return made;
}

/** The record in an image's metadata; undefined if there is none that can be read. */
export function recordOf(json: DicomJson): Derivation | undefined {
  const items = itemsOf(json, TAGS.DerivationAlgorithmSequence);
  const DerivationAlgorithmSequence = items.map(item => ({
    AlgorithmParameters: textOf(item, TAGS.AlgorithmParameters),
  }));
  try {
    return readRecord({ DerivationAlgorithmSequence }, METHODS, DOMAINS);
  } catch {
    // What another version wrote, or another software: nothing that we made with these settings.
    return undefined;
  }
}

function itemsOf(json: DicomJson, tag: string): DicomJson[] {
  return (json[tag]?.Value ?? []) as DicomJson[];
}
