import type { SourceRecord } from './dicom/record';
import type { Contrast } from './domains/Role';
import type { StudySeries } from './series/StudySeries';
import { sha256 } from './sha256';
import type { Volume } from './volume/Volume';

/** Provenance of a source: its series, and SHA-256 of its real-world values. */
export async function recordSource(
  contrast: Contrast,
  { SeriesInstanceUID, images }: StudySeries,
  { data }: Volume,
): Promise<SourceRecord> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { contrast, SeriesInstanceUID, images, sha256: await sha256(bytes) };
}
