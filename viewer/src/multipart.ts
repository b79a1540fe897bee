/** multipart/related bodies (RFC 2387) of WADO-RS responses. */
import { randomUUID } from 'node:crypto';
import { PIXEL_ENCODINGS, type PixelEncoding } from '@modality-synthesis/engine/dicom/node';

export interface Part {
  contentType: string;
  bytes: Uint8Array;
}

export interface Multipart {
  /** Content-Type of the whole body. */
  contentType: string;
  body: Buffer;
}

/** @param boundary must not occur in any part; default: random */
export function buildMultipart(parts: readonly Part[], boundary: string = randomUUID()): Multipart {
  const type = parts[0]?.contentType.split(';')[0] ?? 'application/octet-stream';
  const pieces: Uint8Array[] = parts.flatMap(part => [
    Buffer.from(
      `--${boundary}\r\nContent-Type: ${part.contentType}\r\nContent-Length: ${part.bytes.length}\r\n\r\n`,
    ),
    part.bytes,
    Buffer.from('\r\n'),
  ]);
  return {
    contentType: `multipart/related; type="${type}"; boundary="${boundary}"`,
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

/** Media types of PS3.18 table 8.7.3-5; others are application/octet-stream. */
const MEDIA_TYPES: Partial<Record<PixelEncoding, string>> = {
  rle: 'image/dicom-rle',
  jpeg: 'image/jpeg',
  'jpeg-lossless': 'image/jpeg',
  'jpeg-ls': 'image/jls',
  'jpeg-2000': 'image/jp2',
  'jpeg-2000-part-2': 'image/jpx',
  htj2k: 'image/jphc',
};

/** Content-Type of a frame's part. */
export function frameContentType(transferSyntaxUid: string): string {
  const encoding = PIXEL_ENCODINGS[transferSyntaxUid];
  const mediaType = encoding && MEDIA_TYPES[encoding];
  return `${mediaType ?? 'application/octet-stream'}; transfer-syntax=${transferSyntaxUid}`;
}
