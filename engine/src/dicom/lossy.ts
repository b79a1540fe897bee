import { type Dataset, number } from './Dataset';

/**
 * Once pixels were compressed lossily, every image derived from them says so (General Image, PS3.3 C.7.6.1.1.5), with
 * ratio and method of the source that lost most, as far as it tells them.
 * @param sources images of every series that was read
 * @returns nothing where no source is marked
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
