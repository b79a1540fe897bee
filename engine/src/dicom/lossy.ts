import { type Dataset, number } from './Dataset';

/**
 * Lossy compression is inherited by derived images (General Image, PS3.3 C.7.6.1.1.5), with ratio and method
 * of the source with the largest ratio.
 * @param sources images of all series that were read
 * @returns empty if no source was compressed
 */
export function lossyCompression(sources: readonly Dataset[]): Dataset {
  const lossy = sources.filter(image => image.LossyImageCompression === '01');
  if (lossy.length === 0) return {};
  const ratioOf = (image: Dataset) => number(image.LossyImageCompressionRatio) ?? 0;
  const most = lossy.reduce((a, b) => (ratioOf(b) > ratioOf(a) ? b : a));
  const { LossyImageCompression, LossyImageCompressionRatio, LossyImageCompressionMethod } = most;
  return {
    LossyImageCompression,
    ...(LossyImageCompressionRatio !== undefined && { LossyImageCompressionRatio }),
    ...(LossyImageCompressionMethod !== undefined && { LossyImageCompressionMethod }),
  };
}
