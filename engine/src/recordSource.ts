import type { Contrast } from './contrast/Contrast';
import type { SourceRecord } from './dicom/record';
import type { StudySeries } from './series/StudySeries';
import { sha256 } from './sha256';
import type { Volume } from './volume/Volume';

/** What the record of a job says of a source: which series, and what its real-world values were. */
export async function recordSource(
  contrast: Contrast,
  { SeriesInstanceUID, images }: StudySeries,
  { data }: Volume,
): Promise<SourceRecord> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { contrast, SeriesInstanceUID, images, sha256: await sha256(bytes) };
}
