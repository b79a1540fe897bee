import type { WasmDecoder } from '@cornerstonejs/codec-charls/decodewasmjs';

/** Keeps the libraries' own words off stdout, which may hold JSON; what is wrong arrives as an exception. */
export const QUIET = { print() {}, printErr() {} };

/** Starts a WebAssembly module at its first use, and only then. */
export function once<T>(create: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= create();
    return started;
  };
}

/** One frame through a decoder of cornerstone's codec packages; frees the decoder. */
export function decodeFrame(decoder: WasmDecoder, bytes: Uint8Array): Uint8Array {
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    // A view of the module's memory: copied before the next frame overwrites it.
    return decoder.getDecodedBuffer().slice();
  } finally {
    decoder.delete();
  }
}
