import { PixelFault } from '../../PixelFault';

/** What a decoder must know of an image. */
export interface PixelLayout {
  /** Rows times columns. */
  pixels: number;
  /** 1 or 2. */
  bytesPerPixel: number;
}

/** Bytes before the first segment: the number of segments and 15 offsets, uint32 (PS3.5 G.5). */
const HEADER = 64;

/**
 * DICOM RLE of one frame (PS3.5 Annex G): one PackBits segment per byte of the sample, most significant
 * first.
 * @returns samples, little endian
 */
export function decodeRle(bytes: Uint8Array, { pixels, bytesPerPixel }: PixelLayout): Uint8Array {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || header.getUint32(0, true) !== bytesPerPixel) {
    throw new PixelFault('its run-length header does not fit its bits');
  }
  const out = new Uint8Array(pixels * bytesPerPixel);
  for (let segment = 0; segment < bytesPerPixel; segment++) {
    const start = header.getUint32(4 * (segment + 1), true);
    const end = segment + 1 < bytesPerPixel ? header.getUint32(4 * (segment + 2), true) : bytes.length;
    unpack(bytes.subarray(start, end), out, bytesPerPixel - 1 - segment, bytesPerPixel);
  }
  return out;
}

/** PackBits into every `step`-th byte of `out` from `at`. */
function unpack(packed: Uint8Array, out: Uint8Array, at: number, step: number): void {
  for (let i = 0; i < packed.length && at < out.length; ) {
    const control = packed[i++];
    if (control < 128) {
      for (let n = control + 1; n > 0 && at < out.length; n--, at += step) out[at] = packed[i++];
    } else if (control > 128) {
      const value = packed[i++];
      for (let n = 257 - control; n > 0 && at < out.length; n--, at += step) out[at] = value;
    }
  }
  if (at < out.length) throw new PixelFault('its run-length data end too early');
}
