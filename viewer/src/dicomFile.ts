/** Reads DICOM Part-10 files. */
import { readFile } from 'node:fs/promises';
import { readPart10 } from '@modality-synthesis/engine';
import { endsEarly } from '@modality-synthesis/engine/node/endsEarly';
import dcmjs, { type Elements } from './dcmjs';
import { type DicomJson, numberOf, textOf, toDicomJson } from './dicomJson';
import { UserError } from './userError';

dcmjs.log.setLevel('error');

const PIXEL_DATA = '7FE00010';
const PIXEL_TAGS = ['7FE00008', '7FE00009', PIXEL_DATA] as const;
const DEFLATED = '1.2.840.10008.1.2.1.99';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const UNCOMPRESSED = new Set(['1.2.840.10008.1.2', EXPLICIT_LITTLE_ENDIAN, '1.2.840.10008.1.2.2']);

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

/** Part-10 files start with 128 bytes of anything, then `DICM`. */
export function isPart10(bytes: Uint8Array): boolean {
  return bytes.length > 132 && Buffer.from(bytes.subarray(128, 132)).toString('latin1') === 'DICM';
}

/**
 * Reads a file's header.
 * @param uriRoot URL path under which large values can be fetched, without a slash at the end
 * @returns undefined for what is no DICOM object that belongs to a study (a DICOMDIR, for one)
 * @throws whatever dcmjs throws for a broken file
 */
export function parseDicomFile(path: string, bytes: Uint8Array, uriRoot: string): DicomFile | undefined {
  const { meta, dict } = readPart10(bytes, {
    untilTag: PIXEL_DATA,
    includeUntilTagValue: false,
  });
  const hasPixelData = PIXEL_DATA in dict;
  delete dict[PIXEL_DATA];
  const ids = toDicomJson(
    Object.fromEntries(Object.entries(dict).filter(([tag]) => /^(0020000[DE]|00080018)$/.test(tag))),
  );
  const studyUid = textOf(ids, '0020000D');
  const seriesUid = textOf(ids, '0020000E');
  const instanceUid = textOf(ids, '00080018');
  if (!studyUid || !seriesUid || !instanceUid) return undefined;

  const bulkDataUri = (tag: string) =>
    `${uriRoot}/studies/${studyUid}/series/${seriesUid}/instances/${instanceUid}/bulkdata/${tag}`;
  const metadata = toDicomJson(dict, bulkDataUri);
  if (hasPixelData) metadata[PIXEL_DATA] = { vr: 'OW', BulkDataURI: bulkDataUri(PIXEL_DATA) };
  // dcmjs has turned all text to Unicode.
  metadata['00080005'] = { vr: 'CS', Value: ['ISO_IR 192'] };
  const written = textOf(toDicomJson(meta), '00020010');
  const transferSyntaxUid = written === DEFLATED || written === '' ? EXPLICIT_LITTLE_ENDIAN : written;
  metadata['00083002'] = { vr: 'UI', Value: [transferSyntaxUid] };
  return { path, studyUid, seriesUid, instanceUid, transferSyntaxUid, metadata };
}

/**
 * Pixels of some frames, as they are in the file.
 * @param numbers frame numbers, from 1
 * @throws UserError when the file has no such frame; DamagedFile when it ends before its pixels do
 */
export async function readFrames(file: DicomFile, numbers: readonly number[]): Promise<Uint8Array[]> {
  const elements = await readElements(file.path);
  const tag = PIXEL_TAGS.find(candidate => elements[candidate]);
  const value = tag && elements[tag]?.Value;
  const parts = buffersIn(value);
  const frames = UNCOMPRESSED.has(file.transferSyntaxUid)
    ? splitFrames(parts, file.metadata)
    : parts.map(part => new Uint8Array(part));
  return numbers.map(number => {
    const frame = frames[number - 1];
    if (!frame)
      throw new UserError(`This instance has ${frames.length} frames; frame ${number} was asked for.`);
    return frame;
  });
}

/**
 * Bytes of one binary top-level element, or undefined where there is none.
 * @throws DamagedFile when the file ends before its pixels do
 */
export async function readBulkData(file: DicomFile, tag: string): Promise<Uint8Array | undefined> {
  const value = (await readElements(file.path))[tag]?.Value;
  const parts = buffersIn(value);
  return parts.length ? Buffer.concat(parts.map(part => new Uint8Array(part))) : undefined;
}

function buffersIn(value: unknown): ArrayBuffer[] {
  return (Array.isArray(value) ? value : []).filter(
    (part): part is ArrayBuffer => part instanceof ArrayBuffer,
  );
}

function splitFrames(parts: readonly ArrayBuffer[], metadata: DicomJson): Uint8Array[] {
  const bytes = new Uint8Array(parts[0] ?? new ArrayBuffer(0));
  const count = numberOf(metadata, '00280008', 1);
  const bits =
    numberOf(metadata, '00280010', 0) *
    numberOf(metadata, '00280011', 0) *
    numberOf(metadata, '00280002', 1) *
    numberOf(metadata, '00280100', 16);
  if (count > 1 && bits % 8)
    throw new UserError('Frames of this instance do not start at whole bytes; ask for the whole instance.');
  const length = Math.ceil(bits / 8);
  return Array.from({ length: count }, (_, frame) =>
    bytes.subarray(frame * length, (frame + 1) * length),
  ).filter(frame => frame.length === length);
}

// Frames of an enhanced object are asked for one after another: keep the file read last.
let last: { path: string; elements: Promise<Elements> } | undefined;

function readElements(path: string): Promise<Elements> {
  if (last?.path !== path) {
    const elements = readWhole(path);
    last = { path, elements };
    elements.catch(() => {
      if (last?.path === path) last = undefined;
    });
  }
  return last.elements;
}

async function readWhole(path: string): Promise<Elements> {
  const bytes = await readFile(path);
  const { meta, dict } = readPart10(bytes);
  const written = textOf(toDicomJson(meta), '00020010') || EXPLICIT_LITTLE_ENDIAN;
  const length = buffersIn(dict[PIXEL_DATA]?.Value).reduce((sum, part) => sum + part.byteLength, 0);
  if (PIXEL_DATA in dict && endsEarly(bytes, written, length))
    throw new DamagedFile(`The file ${path} ends before its pixels do: copy it from its source again.`);
  return dict;
}
