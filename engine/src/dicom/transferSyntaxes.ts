export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const DEFLATED = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

export type PixelEncoding =
  | 'little-endian'
  | 'big-endian'
  | 'rle'
  | 'jpeg'
  | 'jpeg-lossless'
  | 'jpeg-ls'
  | 'jpeg-2000'
  | 'jpeg-2000-part-2'
  | 'htj2k';

/** Pixel encoding by transfer syntax UID (PS3.6 A), of the known ones. */
export const PIXEL_ENCODINGS: Readonly<Record<string, PixelEncoding | undefined>> = {
  [IMPLICIT_LITTLE_ENDIAN]: 'little-endian',
  [EXPLICIT_LITTLE_ENDIAN]: 'little-endian',
  [DEFLATED]: 'little-endian',
  [EXPLICIT_BIG_ENDIAN]: 'big-endian',
  '1.2.840.10008.1.2.4.50': 'jpeg',
  '1.2.840.10008.1.2.4.51': 'jpeg',
  '1.2.840.10008.1.2.4.57': 'jpeg-lossless',
  '1.2.840.10008.1.2.4.70': 'jpeg-lossless',
  '1.2.840.10008.1.2.4.80': 'jpeg-ls',
  '1.2.840.10008.1.2.4.81': 'jpeg-ls',
  '1.2.840.10008.1.2.4.90': 'jpeg-2000',
  '1.2.840.10008.1.2.4.91': 'jpeg-2000',
  '1.2.840.10008.1.2.4.92': 'jpeg-2000-part-2',
  '1.2.840.10008.1.2.4.93': 'jpeg-2000-part-2',
  '1.2.840.10008.1.2.4.201': 'htj2k',
  '1.2.840.10008.1.2.4.202': 'htj2k',
  '1.2.840.10008.1.2.4.203': 'htj2k',
  '1.2.840.10008.1.2.5': 'rle',
};

/** Whether pixels are native, not encapsulated in fragments. */
export function isNative(transferSyntaxUid: string): boolean {
  const encoding = PIXEL_ENCODINGS[transferSyntaxUid];
  return encoding === 'little-endian' || encoding === 'big-endian';
}
