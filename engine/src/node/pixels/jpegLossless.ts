import { Decoder } from 'jpeg-lossless-decoder-js';
import type { PixelLayout } from './PixelLayout';

/** JPEG lossless, process 14 (ISO 10918-1 Annex H). */
export function decodeJpegLossless(bytes: Uint8Array, { bytesPerPixel }: PixelLayout): Uint8Array {
  const { buffer } = new Uint8Array(bytes);
  const samples = new Decoder().decode(buffer, 0, buffer.byteLength, bytesPerPixel);
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
