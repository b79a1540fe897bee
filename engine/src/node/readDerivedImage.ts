import { readFile } from 'node:fs/promises';
import { type Dataset, items } from '../dicom/Dataset';
import { readEncodedFrames } from '../dicom/node/files';
import { decodePixels } from '../dicom/node/pixels/decodePixels';
import { readPart10Header } from '../dicom/readPart10';
import { type Derivation, readRecord } from '../dicom/record';
import { withFileMeta } from '../dicom/withFileMeta';
import { DOMAINS } from '../domains';
import { SynthesisError } from '../errors';
import type { Method } from '../methods/Method';

/** An image of a series that this software made. */
export interface DerivedImage {
  path: string;
  record: Derivation;
  instance: Dataset;
}

/**
 * Reads a derived image and its provenance record.
 * @throws SynthesisError `source-unreadable`, or `record-invalid` if its record is missing or damaged
 */
export async function readDerivedImage(path: string, methods: readonly Method[]): Promise<DerivedImage> {
  const instance = await readInstance(path);
  const record = readRecord(instance, methods, DOMAINS);
  if (!record) {
    throw new SynthesisError(
      'record-invalid',
      `${path} does not say how it was made; give an image that this software synthesized with --again.`,
    );
  }
  return { path, record, instance };
}

async function readInstance(path: string): Promise<Dataset> {
  const refuse = (why: string, cause?: unknown) =>
    new SynthesisError('source-unreadable', `${path} ${why}; check the path given with --again.`, { cause });
  const bytes = await readFile(path).catch(thrown => {
    throw refuse('cannot be read', thrown);
  });
  if (!withFileMeta(bytes)) throw refuse('is not a DICOM file');
  try {
    return readPart10Header(bytes).instance;
  } catch (thrown) {
    throw refuse('is a damaged DICOM file', thrown);
  }
}

/** Images of a source that a derived image shows: SOPInstanceUIDs, with frames if not all were used. */
export function referencedImages(derived: Dataset, SeriesInstanceUID: string): string[] {
  const ofSeries = new Set(
    items(derived.ReferencedSeriesSequence)
      .filter(series => series.SeriesInstanceUID === SeriesInstanceUID)
      .flatMap(series => items(series.ReferencedInstanceSequence))
      .map(image => image.ReferencedSOPInstanceUID),
  );
  return items(derived.SourceImageSequence)
    .filter(image => ofSeries.has(image.ReferencedSOPInstanceUID))
    .flatMap(({ ReferencedSOPInstanceUID: uid, ReferencedFrameNumber: frames }) =>
      frames === undefined ? String(uid) : [frames].flat().map(frame => `${uid} frame ${frame}`),
    );
}

/**
 * Stored values of a derived image.
 * @throws SynthesisError `source-unreadable`
 */
export async function storedValues(path: string, instance: Dataset): Promise<ArrayLike<number>> {
  try {
    const [pixels] = await readEncodedFrames(path);
    return await decodePixels(pixels, instance);
  } catch (thrown) {
    throw new SynthesisError(
      'source-unreadable',
      `The pixels of ${path} cannot be read; give another image of its series with --again.`,
      { cause: thrown },
    );
  }
}
