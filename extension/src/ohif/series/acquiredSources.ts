import { DOMAINS, items, METHODS, readRecord } from '@modality-synthesis/engine';
import type { Instance } from '../types';

/** Series that a synthetic series was made from, by SeriesInstanceUID. */
export interface AcquiredSources {
  sources: readonly string[];
  /** The one on whose grid it lies, as far as that is known. */
  reference: string | undefined;
}

const known = new WeakMap<Instance, AcquiredSources>();

/**
 * The sources of a synthetic image: those of its record, of other software the series that it references, the
 * first one first.
 */
export function acquiredSources(image: Instance): AcquiredSources {
  const read = known.get(image) ?? recorded(image) ?? referenced(image);
  known.set(image, read);
  return read;
}

function recorded(image: Instance): AcquiredSources | undefined {
  try {
    const record = readRecord(image, METHODS, DOMAINS);
    return (
      record && {
        sources: record.sources.map(({ SeriesInstanceUID }) => SeriesInstanceUID),
        reference: record.sources.find(({ role }) => role === record.reference)?.SeriesInstanceUID,
      }
    );
  } catch {
    // A record that cannot be read tells nothing; the references are written beside it.
    return undefined;
  }
}

function referenced({ ReferencedSeriesSequence }: Instance): AcquiredSources {
  const sources = items(ReferencedSeriesSequence).map(({ SeriesInstanceUID }) => String(SeriesInstanceUID));
  return { sources, reference: sources[0] };
}
