import { readFile } from 'node:fs/promises';
import dcmjs from 'dcmjs';
import type { Dataset } from '../dicom/Dataset';
import { readPart10 } from '../dicom/readPart10';
import { endsEarly } from './endsEarly';

const PIXEL_DATA = '7FE00010';
const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';

// What dcmjs has to say about somebody's files is not for this tool's output.
dcmjs.log.setLevel('silent');
dcmjs.log.getLogger('validation.dcmjs').setLevel('silent');

/** Header of a Part-10 file: everything before PixelData, by keyword. */
export interface DicomHeader {
  path: string;
  instance: Dataset;
}

/** PixelData of a single-frame image as it lies in the file. */
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
  delete dict[PIXEL_DATA];
  return { path, instance: dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict) };
}

/** @throws Error when the file cannot be read or has no pixels */
export async function readEncodedPixels(path: string): Promise<EncodedPixels> {
  const file = new Uint8Array(await readFile(path));
  const { meta, dict } = readPart10(file);
  const { TransferSyntaxUID } = dcmjs.data.DicomMetaDictionary.naturalizeDataset(meta);
  const parts = ((dict[PIXEL_DATA] as { Value?: unknown[] } | undefined)?.Value ?? []).flat();
  const buffers = parts.filter((part): part is ArrayBuffer => part instanceof ArrayBuffer);
  if (buffers.length === 0) throw new Error('it has no PixelData');
  // A frame may lie in several fragments (PS3.5 A.4); with one frame all of them are its own.
  const bytes = Buffer.concat(buffers.map(buffer => new Uint8Array(buffer)));
  const transferSyntaxUid = String(TransferSyntaxUID || IMPLICIT_LITTLE_ENDIAN);
  if (endsEarly(file, transferSyntaxUid, bytes.length)) throw new Error('the file ends before its pixels do');
  return { transferSyntaxUid, bytes };
}
