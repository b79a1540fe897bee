import { message } from '../messages';
import { type Dataset, number } from './Dataset';
import { PixelFault } from './PixelFault';

/**
 * Stored pixels of one image as real-world values (PS3.3 C.7.6.16.2.9.1, C.11.1.1.2), by the image's own rescale.
 * @param out as long as the image has pixels
 * @throws PixelFault with half a text when `pixels` are fewer or more, as those of a file that was cut off
 */
export function rescale(pixels: ArrayLike<number>, instance: Dataset, out: Float32Array): void {
  if (pixels.length !== out.length)
    throw new PixelFault(message('attribute/pixel-count', { pixels: pixels.length, expected: out.length }));
  const slope = number(instance.RescaleSlope) ?? 1;
  const intercept = number(instance.RescaleIntercept) ?? 0;
  for (let i = 0; i < out.length; i++) out[i] = pixels[i] * slope + intercept;
}
