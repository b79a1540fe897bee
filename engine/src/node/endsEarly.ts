import { DEFLATED, EXPLICIT_BIG_ENDIAN, IMPLICIT_LITTLE_ENDIAN, isNative } from './transferSyntax';

/** Sequence delimitation item, which ends encapsulated pixels (PS3.5 A.4). */
const DELIMITER = Buffer.from('feffdde000000000', 'hex');

/**
 * Whether a file ends before its PixelData do. dcmjs fills what is missing with zeros and says nothing.
 * @param length bytes of PixelData as dcmjs handed them out
 */
export function endsEarly(file: Uint8Array, transferSyntaxUid: string, length: number): boolean {
  if (transferSyntaxUid === DEFLATED) return false;
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (!isNative(transferSyntaxUid)) return bytes.lastIndexOf(DELIMITER) < 0;
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
