/** DICOM files as this server's index holds them. */
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
import { type DicomJson, toDicomJson } from './dicomJson';
import { UserError } from './userError';

const PIXEL_TAGS = ['7FE00008', '7FE00009', PIXEL_DATA] as const;

/** A file that cannot be served as it is. */
export class DamagedFile extends UserError {}

/** What the index keeps of a file: everything but large binary values. */
export interface DicomFile {
  path: string;
  studyUid: string;
  seriesUid: string;
  instanceUid: string;
  /** Of the pixels as we send them. */
  transferSyntaxUid: string;
  metadata: DicomJson;
}

/**
 * What the index keeps of a file.
 * @param uriRoot URL path under which large values can be fetched, without a slash at the end
 * @returns undefined for what is no DICOM object that belongs to a study (a DICOMDIR, for one)
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
  // The reader has turned all text to Unicode.
  metadata['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] };
  // The reader inflates.
  const transferSyntaxUid =
    header.transferSyntaxUid === DEFLATED ? EXPLICIT_LITTLE_ENDIAN : header.transferSyntaxUid;
  metadata['00083002'] = { vr: 'UI', Value: [transferSyntaxUid] };
  return { path, studyUid, seriesUid, instanceUid, transferSyntaxUid, metadata };
}

/**
 * Pixels of some frames, as they are in the file.
 * @param numbers frame numbers, from 1
 * @throws UserError when the file has no such frame or does not say where it is; DamagedFile when it ends before its
 * pixels do
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
 * Bytes of one binary top-level element, or undefined where there is none.
 * @throws DamagedFile when the file ends before its pixels do
 */
export async function readBulkData({ path }: DicomFile, tag: string): Promise<Uint8Array | undefined> {
  const parts = binaryValues((await readOnce(path)).elements[tag]);
  return parts.length ? Buffer.concat(parts) : undefined;
}

// Frames of an enhanced object are asked for one after another: keep the file read last.
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
