import { readFile } from 'node:fs/promises';
import dcmjs from 'dcmjs';
import type { Dataset } from '../dicom/Dataset';
import { readPart10 } from '../dicom/readPart10';
import { number } from '../series/attributes';
import { PixelFault } from '../series/PixelFault';
import { endsEarly } from './endsEarly';
import { IMPLICIT_LITTLE_ENDIAN, isNative } from './transferSyntax';

const PIXEL_DATA = '7FE00010';

// What dcmjs has to say about somebody's files is not for this tool's output.
dcmjs.log.setLevel('silent');
dcmjs.log.getLogger('validation.dcmjs').setLevel('silent');

/** Header of a Part-10 file: everything before PixelData, by keyword. */
export interface DicomHeader {
  path: string;
  /** A frame of a multi-frame image has its own, see `framesOf`. */
  instance: Dataset;
  hasPixels: boolean;
}

/** Pixels of one frame as they lie in the file. */
export interface EncodedPixels {
  transferSyntaxUid: string;
  bytes: Uint8Array;
}

/** Part-10 files start with 128 bytes of anything, then `DICM` (PS3.10 7.1). */
export function isPart10(bytes: Uint8Array): boolean {
  return bytes.length > 132 && Buffer.from(bytes.subarray(128, 132)).toString('latin1') === 'DICM';
}

/** @throws whatever dcmjs throws for a broken file */
export function parseHeader(path: string, bytes: Uint8Array): DicomHeader {
  const { dict } = readPart10(bytes, { untilTag: PIXEL_DATA, includeUntilTagValue: false });
  const hasPixels = PIXEL_DATA in dict;
  delete dict[PIXEL_DATA];
  return { path, hasPixels, instance: dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict) };
}

/**
 * The frames of a file, as they lie in it; a single-frame image has one.
 * @throws PixelFault when the file cannot be read, has no pixels, ends before them or does not say where a frame ends
 */
export async function readEncodedFrames(path: string): Promise<EncodedPixels[]> {
  const file = new Uint8Array(await readFile(path));
  const { meta, dict } = readPart10(file);
  const { TransferSyntaxUID } = dcmjs.data.DicomMetaDictionary.naturalizeDataset(meta);
  const instance = dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict);
  const parts = ((dict[PIXEL_DATA] as { Value?: unknown[] } | undefined)?.Value ?? [])
    .flat()
    .filter((part): part is ArrayBuffer => part instanceof ArrayBuffer)
    .map(buffer => new Uint8Array(buffer));
  if (parts.length === 0) throw new PixelFault('it has no PixelData');
  const transferSyntaxUid = String(TransferSyntaxUID || IMPLICIT_LITTLE_ENDIAN);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (endsEarly(file, transferSyntaxUid, length)) throw new PixelFault('the file ends before its pixels do');
  const frames = isNative(transferSyntaxUid) ? cut(parts[0], instance) : gather(parts, instance);
  return frames.map(bytes => ({ transferSyntaxUid, bytes }));
}

/** Uncompressed frames follow each other; only the end of the whole is padded (PS3.5 8.1.1). */
function cut(bytes: Uint8Array, { NumberOfFrames, ...instance }: Dataset): Uint8Array[] {
  const frames = number(NumberOfFrames) ?? 1;
  if (frames === 1) return [bytes];
  const [rows, columns, bits] = [instance.Rows, instance.Columns, instance.BitsAllocated].map(Number);
  const length = (rows * columns * bits) / 8;
  return Array.from({ length: Math.min(frames, Math.floor(bytes.length / length)) }, (_, n) =>
    bytes.subarray(n * length, (n + 1) * length),
  );
}

/** A frame may lie in several fragments (PS3.5 A.4); dcmjs has put them together where there is an offset table. */
function gather(parts: readonly Uint8Array[], { NumberOfFrames }: Dataset): Uint8Array[] {
  const frames = number(NumberOfFrames) ?? 1;
  if (frames === 1) return [Buffer.concat(parts)];
  if (parts.length !== frames) throw new PixelFault('it does not say where its frames begin');
  return [...parts];
}
