import { message } from '../messages';
import { type Dataset, number } from './Dataset';
import { PixelFault } from './PixelFault';

/**
 * Stored pixels as real-world values: of each pixel only the bits stored count (PS3.5 8.1.1: old overlays lie
 * above them), then the image's rescale is applied (PS3.3 C.7.6.16.2.9.1, C.11.1.1.2). Padding (PS3.3
 * C.7.5.1.1.2) becomes NaN, for `setBackground`.
 * @param out one element per pixel
 * @throws PixelFault if the number of `pixels` differs, as in a truncated file
 */
export function rescale(pixels: ArrayLike<number>, instance: Dataset, out: Float32Array): void {
  if (pixels.length !== out.length)
    throw new PixelFault(message('attribute/pixel-count', { pixels: pixels.length, expected: out.length }));
  const slope = number(instance.RescaleSlope) ?? 1;
  const intercept = number(instance.RescaleIntercept) ?? 0;
  const stored = bitsStored(instance);
  const first = number(instance.PixelPaddingValue);
  const last = number(instance.PixelPaddingRangeLimit) ?? first;
  const padding = first !== undefined && last !== undefined ? [stored(first), stored(last)] : [];
  const [from, to] = [Math.min(...padding), Math.max(...padding)];
  for (let i = 0; i < out.length; i++) {
    const value = stored(pixels[i]);
    out[i] = value >= from && value <= to ? Number.NaN : value * slope + intercept;
  }
}

/** The value in the bits stored of a pixel; with a sign if PixelRepresentation says so. */
export function bitsStored({ BitsStored, PixelRepresentation }: Dataset): (pixel: number) => number {
  const unused = 32 - (number(BitsStored) ?? 32);
  if (unused <= 0) return pixel => pixel;
  return number(PixelRepresentation) === 1
    ? pixel => (pixel << unused) >> unused
    : pixel => (pixel << unused) >>> unused;
}

/**
 * Gives padding (NaN) the value of background: zero, or the smallest value where that is below. Takes away
 * an offset of all values that no RescaleIntercept gives, as gateways leave it that confuse signed and
 * unsigned.
 * @param data real-world values of a volume, changed in place
 * @param instances its images
 * @returns the offset that was taken away; 0 without one
 */
export function setBackground(data: Float32Array, instances: readonly Dataset[]): number {
  let [least, most, padding] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  // An indexed loop: an iterator takes several times as long.
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (value < least) least = value;
    if (value > most) most = value;
    if (Number.isNaN(value)) padding++;
  }
  const offset = unrecordedOffset(least, most, instances);
  if (offset === 0 && padding === 0) return 0;
  const background = Math.min(0, least - offset);
  for (let i = 0; i < data.length; i++) data[i] = Number.isNaN(data[i]) ? background : data[i] - offset;
  return offset;
}

/** Share of the range of values, beyond which the least value contradicts SmallestImagePixelValue. */
const CONTRADICTION = 0.1;

/**
 * The least value, if it lies further from zero than all values from each other, or contradicts what the
 * images say is the smallest.
 */
function unrecordedOffset(least: number, most: number, instances: readonly Dataset[]): number {
  const range = most - least;
  if (!(range > 0) || instances.some(i => number(i.RescaleIntercept))) return 0;
  const contradicts =
    least > CONTRADICTION * range && instances.every(i => number(i.SmallestImagePixelValue) === 0);
  return contradicts || Math.abs(least) > range ? least : 0;
}
