import type { Dataset } from '../../Dataset';
import { PixelFault } from '../../PixelFault';
import { PIXEL_ENCODINGS, type PixelEncoding } from '../../transferSyntaxes';
import type { EncodedPixels } from '../pixelData';
import { decodeHtj2k, decodeJpeg2000, decodeJpegLossless, decodeJpegLs } from './decoders';
import { decodeRle, type PixelLayout } from './rle';

/** Bytes of the file to samples, little endian, one or two bytes each. */
type Decoder = (bytes: Uint8Array, layout: PixelLayout) => Uint8Array | Promise<Uint8Array>;

const asStored: Decoder = bytes => bytes;

/** dcmjs has inflated the deflated transfer syntax by now. */
const DECODERS: Readonly<Partial<Record<PixelEncoding, Decoder>>> = {
  'little-endian': asStored,
  'big-endian': (bytes, { bytesPerPixel }) => (bytesPerPixel === 2 ? swapped(bytes) : bytes),
  rle: decodeRle,
  'jpeg-lossless': decodeJpegLossless,
  'jpeg-ls': decodeJpegLs,
  'jpeg-2000': decodeJpeg2000,
  htj2k: decodeHtj2k,
};

/**
 * Stored pixel values of a single-frame grey image, rows one after the other, before rescale.
 * @param instance its header, by keyword
 * @throws PixelFault with half a text that says what is the matter with the image
 */
export async function decodePixels(
  { transferSyntaxUid, bytes }: EncodedPixels,
  instance: Dataset,
): Promise<Int16Array | Uint16Array | Uint8Array> {
  const encoding = PIXEL_ENCODINGS[transferSyntaxUid];
  const decode = encoding && DECODERS[encoding];
  if (!decode) {
    throw new PixelFault(
      `its transfer syntax ${transferSyntaxUid} is not supported, convert the study to an uncompressed one`,
    );
  }
  const allocated = Number(instance.BitsAllocated);
  if (Number(instance.SamplesPerPixel ?? 1) !== 1 || (allocated !== 8 && allocated !== 16)) {
    throw new PixelFault('it is not a grey image of 8 or 16 bits');
  }
  const pixels = Number(instance.Rows) * Number(instance.Columns);
  const samples = await decode(bytes, { pixels, bytesPerPixel: allocated / 8 });
  // Codecs hand out bytes for up to 8 bits stored, whatever was allocated.
  const bytesPerPixel = samples.length >= 2 * pixels ? 2 : 1;
  if (samples.length < bytesPerPixel * pixels || (decode === asStored && bytesPerPixel < allocated / 8)) {
    throw new PixelFault(`it has fewer than ${pixels} pixels`);
  }
  // A copy, because a Buffer's slice is a view that may start at an odd address.
  return interpret(new Uint8Array(samples.subarray(0, bytesPerPixel * pixels)), bytesPerPixel, instance);
}

/** Little-endian samples as numbers; signed ones by the sign bit of BitsStored, as cornerstone does it. */
function interpret(samples: Uint8Array, bytesPerPixel: number, instance: Dataset) {
  const unsigned = bytesPerPixel === 2 ? new Uint16Array(samples.buffer) : samples;
  if (Number(instance.PixelRepresentation) !== 1) return unsigned;
  const shift = 32 - Number(instance.BitsStored ?? 8 * bytesPerPixel);
  return Int16Array.from(unsigned, v => (v << shift) >> shift);
}

function swapped(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}
