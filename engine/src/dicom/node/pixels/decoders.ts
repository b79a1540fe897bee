import createCharls, { type WasmDecoder } from '@cornerstonejs/codec-charls/decodewasmjs';
import createOpenJpeg from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import createOpenJph from '@cornerstonejs/codec-openjph';
import { Decoder } from 'jpeg-lossless-decoder-js';
import type { PixelLayout } from './rle';

/**
 * Keeps the libraries' own words off stdout, which may hold JSON; what is wrong arrives as an exception. Each
 * module gets an object of its own, because it puts its functions there.
 */
const QUIET = { print() {}, printErr() {} };

const charls = once(() => createCharls({ ...QUIET }));
const openJpeg = once(() => createOpenJpeg({ ...QUIET }));
const openJph = once(() => createOpenJph({ ...QUIET }));

/** JPEG-LS (ISO 14495-1) by CharLS, the decoder the viewer uses. */
export async function decodeJpegLs(bytes: Uint8Array): Promise<Uint8Array> {
  const { JpegLSDecoder } = await charls();
  return decodeFrame(new JpegLSDecoder(), bytes);
}

/** JPEG 2000 (ISO 15444-1) by OpenJPEG, the decoder the viewer uses. */
export async function decodeJpeg2000(bytes: Uint8Array): Promise<Uint8Array> {
  const { J2KDecoder } = await openJpeg();
  return decodeFrame(new J2KDecoder(), bytes);
}

/**
 * High-throughput JPEG 2000 (ISO 15444-15) by OpenJPH, the decoder the viewer uses; by OpenJPEG what only
 * claims to be it.
 */
export async function decodeHtj2k(bytes: Uint8Array): Promise<Uint8Array> {
  if (!isHighThroughput(bytes)) return decodeJpeg2000(bytes);
  const { HTJ2KDecoder } = await openJph();
  return decodeFrame(new HTJ2KDecoder(), bytes);
}

/** Whether the marker CAP follows SIZ, the first of a codestream (ISO 15444-1 A.5.2). */
function isHighThroughput(bytes: Uint8Array): boolean {
  const { byteOffset, length } = bytes;
  const view = new DataView(bytes.buffer, byteOffset, length);
  const next = length > 6 ? 4 + view.getUint16(4) : length;
  return next + 2 <= length && view.getUint16(next) === 0xff50;
}

/** JPEG lossless, process 14 (ISO 10918-1 Annex H). */
export function decodeJpegLossless(bytes: Uint8Array, { bytesPerPixel }: PixelLayout): Uint8Array {
  const { buffer } = new Uint8Array(bytes);
  const samples = new Decoder().decode(buffer, 0, buffer.byteLength, bytesPerPixel);
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** Starts a WebAssembly module at its first use, and only then. */
function once<T>(create: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= create();
    return started;
  };
}

/** One frame through a decoder of cornerstone's codec packages; frees the decoder. */
function decodeFrame(decoder: WasmDecoder, bytes: Uint8Array): Uint8Array {
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    // A view of the module's memory: copied before the next frame overwrites it.
    return decoder.getDecodedBuffer().slice();
  } finally {
    decoder.delete();
  }
}
