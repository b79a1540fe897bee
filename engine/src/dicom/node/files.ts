import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PixelFault } from '../PixelFault';
import { type Part10, type Part10Header, readPart10, readPart10Header } from '../readPart10';
import { withFileMeta } from '../withFileMeta';
import { type EncodedPixels, encodedFrames, endsEarly } from './pixelData';

const SOP_INSTANCE_UID = '00080018';
/** StudyDate. */
const AFTER_INSTANCE_UID = '00080020';

/**
 * Paths of all files in a folder and the folders in it, sorted.
 * @throws what Node throws for a folder that cannot be read
 */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
}

/** The header of a file, or why it has none: one damaged file must not hide the others of its folder. */
export async function readHeader(file: string): Promise<Part10Header | 'not DICOM' | 'damaged'> {
  try {
    const bytes = await readFile(file);
    return withFileMeta(bytes) ? readPart10Header(bytes) : 'not DICOM';
  } catch {
    return 'damaged';
  }
}

/**
 * SOPInstanceUID of a file, by its first elements alone: the headers of our images name every source image.
 * @throws errors of Node and dcmjs for an unreadable file, RangeError where it has none
 */
export async function readInstanceUid(file: string): Promise<string> {
  const { elements } = readPart10(await readFile(file), AFTER_INSTANCE_UID);
  const [uid] = [elements[SOP_INSTANCE_UID]?.Value].flat();
  if (typeof uid !== 'string') throw new RangeError('A file has no SOPInstanceUID.');
  return uid;
}

/** @throws PixelFault for a truncated file; errors of Node and dcmjs for an unreadable one */
export async function readWhole(file: string): Promise<Part10> {
  const bytes = await readFile(file);
  const whole = readPart10(bytes);
  if (endsEarly(bytes, whole)) throw new PixelFault('the file ends before its pixels do');
  return whole;
}

/**
 * The frames of a file, as they lie in it; a single-frame image has one.
 * @throws PixelFault when the file has no pixels, ends before them or does not say where a frame ends
 */
export async function readEncodedFrames(file: string): Promise<EncodedPixels[]> {
  const whole = await readWhole(file);
  return encodedFrames(whole).map(bytes => ({ transferSyntaxUid: whole.transferSyntaxUid, bytes }));
}
