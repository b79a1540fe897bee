/** DICOM files in the server's index. */
import {
  binaryValues,
  DEFLATED,
  EXPLICIT_LITTLE_ENDIAN,
  encodedFrames,
  type Part10,
  type Part10Header,
  PIXEL_DATA,
  PixelFault,
  readWhole,
} from '@modality-synthesis/engine/dicom/node';
import { UserError } from '../kit/src';
import { type DicomJson, toDicomJson } from './dicomJson';

const PIXEL_TAGS = ['7FE00008', '7FE00009', PIXEL_DATA] as const;

/** A file that cannot be served. */
export class DamagedFile extends UserError {}

/** A file in the index, without large binary values. */
export interface DicomFile {
  path: string;
  studyUid: string;
  seriesUid: string;
  instanceUid: string;
  /** Transfer syntax of the pixels that we send. */
  transferSyntaxUid: string;
  metadata: DicomJson;
}

/**
 * Reads a file for the index.
 * @param uriRoot URL path of large values, without a trailing slash
 * @returns undefined for a DICOM object outside any study, such as a DICOMDIR
 */
export function indexedFile(path: string, header: Part10Header, uriRoot: string): DicomFile | undefined {
  const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = header.instance;
  if (!StudyInstanceUID || !SeriesInstanceUID || !SOPInstanceUID) return undefined;
  const [studyUid, seriesUid, instanceUid] = [StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID].map(
    String,
  );
  const bulkDataUri = (tag: string) =>
    `${uriRoot}/studies/${studyUid}/series/${seriesUid}/instances/${instanceUid}/bulkdata/${tag}`;
  const metadata = toDicomJson(header.elements, bulkDataUri);
  if (header.hasPixels) metadata[PIXEL_DATA] = { vr: 'OW', BulkDataURI: bulkDataUri(PIXEL_DATA) };
  // The reader has decoded all text to Unicode.
  metadata['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] };
  // The reader has inflated it.
  const transferSyntaxUid =
    header.transferSyntaxUid === DEFLATED ? EXPLICIT_LITTLE_ENDIAN : header.transferSyntaxUid;
  metadata['00083002'] = { vr: 'UI', Value: [transferSyntaxUid] };
  return { path, studyUid, seriesUid, instanceUid, transferSyntaxUid, metadata };
}

/**
 * Pixels of frames in their transfer syntax.
 * @param numbers frame numbers, from 1
 * @throws UserError for a frame that cannot be found; DamagedFile for a truncated file
 */
export async function readFrames({ path }: DicomFile, numbers: readonly number[]): Promise<Uint8Array[]> {
  const frames = framesIn(await readOnce(path));
  return numbers.map(number => {
    const frame = frames[number - 1];
    if (!frame)
      throw new UserError(`This instance has ${frames.length} frames; frame ${number} was asked for.`);
    return frame;
  });
}

function framesIn(file: Part10): Uint8Array[] {
  const tag = PIXEL_TAGS.find(candidate => file.elements[candidate]);
  try {
    return tag ? encodedFrames(file, tag) : [];
  } catch (thrown) {
    if (!(thrown instanceof PixelFault)) throw thrown;
    throw new UserError(
      `No frame of this instance can be sent, ${thrown.message}: ask for the whole instance.`,
    );
  }
}

/**
 * Bytes of a binary top-level element, if the file has it.
 * @throws DamagedFile for a truncated file
 */
export async function readBulkData({ path }: DicomFile, tag: string): Promise<Uint8Array | undefined> {
  const parts = binaryValues((await readOnce(path)).elements[tag]);
  return parts.length ? Buffer.concat(parts) : undefined;
}

// Clients request the frames of an enhanced object one by one: keep the last file.
let last: { path: string; file: Promise<Part10> } | undefined;

function readOnce(path: string): Promise<Part10> {
  if (last?.path !== path) {
    const file = readWhole(path).catch((thrown: unknown) => {
      if (last?.path === path) last = undefined;
      throw thrown instanceof PixelFault
        ? new DamagedFile(`The file ${path} ends before its pixels do: copy it from its source again.`)
        : thrown;
    });
    last = { path, file };
  }
  return last.file;
}
