/** Transfer syntax UIDs (PS3.6 A) that say how a file is to be read, not only how its pixels are packed. */
export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** Whether pixels lie in the file one after the other, not in fragments. */
export function isNative(transferSyntaxUid: string): boolean {
  return [IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, DEFLATED, EXPLICIT_BIG_ENDIAN].includes(
    transferSyntaxUid,
  );
}
