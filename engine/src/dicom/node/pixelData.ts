import { type Element, number } from '../Dataset';
import { PixelFault } from '../PixelFault';
import { type Part10, PIXEL_DATA } from '../readPart10';
import { DEFLATED, EXPLICIT_BIG_ENDIAN, IMPLICIT_LITTLE_ENDIAN, isNative } from '../transferSyntaxes';

/** Pixels of one frame as they lie in the file. */
export interface EncodedPixels {
  transferSyntaxUid: string;
  bytes: Uint8Array;
}

/** Sequence delimitation item, which ends encapsulated pixels (PS3.5 A.4). */
const DELIMITER = Buffer.from('feffdde000000000', 'hex');

/** Binary values of an element: one of native pixels, one a frame or fragment of encapsulated ones. */
export function binaryValues(element: Element | undefined): Uint8Array[] {
  return [element?.Value]
    .flat(2)
    .filter(value => value instanceof ArrayBuffer)
    .map(buffer => new Uint8Array(buffer));
}

/**
 * The frames of a file, as they lie in it; a single-frame image has one.
 * @param tag PixelData unless said otherwise
 * @throws PixelFault when the file has no pixels or does not say where a frame ends
 */
export function encodedFrames({ transferSyntaxUid, elements }: Part10, tag = PIXEL_DATA): Uint8Array[] {
  const parts = binaryValues(elements[tag]);
  if (parts.length === 0) throw new PixelFault('it has no PixelData');
  const value = (of: string, otherwise: number) => number(elements[of]?.Value) ?? otherwise;
  const frames = value('00280008', 1);
  if (!isNative(transferSyntaxUid)) {
    // A frame may have several fragments (PS3.5 A.4); dcmjs joins them if there is an offset table.
    if (frames === 1) return [Buffer.concat(parts)];
    if (parts.length !== frames) throw new PixelFault('it does not say where its frames begin');
    return parts;
  }
  const [rows, columns] = [value('00280010', 0), value('00280011', 0)];
  const [samples, allocated] = [value('00280002', 1), value('00280100', 16)];
  const bits = rows * columns * samples * allocated;
  if (frames > 1 && bits % 8) throw new PixelFault('its frames do not start at whole bytes');
  // Native frames follow each other; only the end of the whole is padded (PS3.5 8.1.1).
  const [[bytes], length] = [parts, Math.ceil(bits / 8)];
  const whole = Math.min(frames, Math.floor(bytes.length / length));
  return Array.from({ length: Math.max(1, whole) }, (_, n) => bytes.subarray(n * length, (n + 1) * length));
}

/** Whether a file ends before its PixelData. dcmjs fills the missing part with zeros without an error. */
export function endsEarly(file: Uint8Array, { transferSyntaxUid, elements }: Part10): boolean {
  const parts = binaryValues(elements[PIXEL_DATA]);
  if (parts.length === 0 || transferSyntaxUid === DEFLATED) return false;
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (!isNative(transferSyntaxUid)) return bytes.lastIndexOf(DELIMITER) < 0;
  const [{ length }] = parts;
  const size = Buffer.alloc(4);
  if (transferSyntaxUid === EXPLICIT_BIG_ENDIAN) size.writeUInt32BE(length);
  else size.writeUInt32LE(length);
  const tag = transferSyntaxUid === EXPLICIT_BIG_ENDIAN ? '7fe00010' : 'e07f1000';
  const names = transferSyntaxUid === IMPLICIT_LITTLE_ENDIAN ? [''] : ['OW\0\0', 'OB\0\0'];
  const starts = names
    .map(vr => Buffer.concat([Buffer.from(tag, 'hex'), Buffer.from(vr), size]))
    .map(element => ({ at: bytes.indexOf(element), element }))
    .filter(({ at }) => at >= 0)
    .map(({ at, element }) => at + element.length);
  return starts.length > 0 && starts.every(start => start + length > bytes.length);
}
