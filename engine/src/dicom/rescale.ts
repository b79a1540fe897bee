import { message } from '../messages';
import { type Dataset, number } from './Dataset';
import { PixelFault } from './PixelFault';

/**
 * Applies the image's rescale to stored pixels: real-world values (PS3.3 C.7.6.16.2.9.1, C.11.1.1.2).
 * @param out one element per pixel
 * @throws PixelFault if the number of `pixels` differs, as in a truncated file
 */
export function rescale(pixels: ArrayLike<number>, instance: Dataset, out: Float32Array): void {
  if (pixels.length !== out.length)
    throw new PixelFault(message('attribute/pixel-count', { pixels: pixels.length, expected: out.length }));
  const slope = number(instance.RescaleSlope) ?? 1;
  const intercept = number(instance.RescaleIntercept) ?? 0;
  for (let i = 0; i < out.length; i++) out[i] = pixels[i] * slope + intercept;
}
