import type { Dataset } from '../dicom/Dataset';

/**
 * Stored pixels of one image as real-world values (PS3.3 C.7.6.16.2.9.1, C.11.1.1.2), by the image's own rescale.
 * @param out as long as `pixels`
 */
export function rescale(pixels: ArrayLike<number>, instance: Dataset, out: Float32Array): void {
  if (pixels.length !== out.length)
    throw new RangeError(`Expected ${out.length} pixels, got ${pixels.length}.`);
  const slope = Number(instance.RescaleSlope ?? 1);
  const intercept = Number(instance.RescaleIntercept ?? 0);
  for (let i = 0; i < out.length; i++) out[i] = pixels[i] * slope + intercept;
}
