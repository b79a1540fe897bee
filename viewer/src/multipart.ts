/** multipart/related bodies (RFC 2387), the form of WADO-RS answers. */
import { randomUUID } from 'node:crypto';

export interface Part {
  contentType: string;
  bytes: Uint8Array;
}

export interface Multipart {
  /** For the Content-Type header of the whole. */
  contentType: string;
  body: Buffer;
}

/** @param boundary must occur in no part; the default is random */
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

/** Media types of PS3.18 table 8.7.3-5, by transfer syntax; everything else is plain bytes. */
const MEDIA_TYPES: Record<string, string> = {
  '1.2.840.10008.1.2.5': 'image/dicom-rle',
  '1.2.840.10008.1.2.4.50': 'image/jpeg',
  '1.2.840.10008.1.2.4.51': 'image/jpeg',
  '1.2.840.10008.1.2.4.57': 'image/jpeg',
  '1.2.840.10008.1.2.4.70': 'image/jpeg',
  '1.2.840.10008.1.2.4.80': 'image/jls',
  '1.2.840.10008.1.2.4.81': 'image/jls',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
  '1.2.840.10008.1.2.4.92': 'image/jpx',
  '1.2.840.10008.1.2.4.93': 'image/jpx',
  '1.2.840.10008.1.2.4.201': 'image/jphc',
  '1.2.840.10008.1.2.4.202': 'image/jphc',
  '1.2.840.10008.1.2.4.203': 'image/jphc',
};

/** Content-Type of a frame's part. */
export function frameContentType(transferSyntaxUid: string): string {
  return `${MEDIA_TYPES[transferSyntaxUid] ?? 'application/octet-stream'}; transfer-syntax=${transferSyntaxUid}`;
}
