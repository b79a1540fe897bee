import { SynthesisError, sortSlices } from '@modality-synthesis/engine';
import type { ExtensionManager } from '../types';
import type { LoadedImage, LoadedSeries } from './loadedSeries';

/** OHIF's own way to cornerstone for other extensions. */
const COMMON = '@ohif/extension-cornerstone.utilityModule.common';

/**
 * The middle slice of a series as a data URL of 256 x 256 pixels, drawn as the viewer draws its thumbnails:
 * of the very images that a job would take, which a display set's thumbnail need not show.
 * @throws what cornerstone throws for an image that it cannot load
 */
export async function middlePicture(
  loaded: LoadedSeries,
  extensionManager: Pick<ExtensionManager, 'getModuleEntry'>,
): Promise<string> {
  const { cornerstone } = extensionManager.getModuleEntry(COMMON).exports.getCornerstoneLibraries();
  const canvas = document.createElement('canvas');
  const { imageId } = middleImage(loaded);
  // Not on the GPU: there two pictures of one image, of which the other is OHIF's, spoil each other.
  await cornerstone.utilities.loadImageToCanvas({ canvas, imageId, thumbnail: true, useCPURendering: true });
  return canvas.toDataURL();
}

/** In order of position; of images that make no volume, in the viewer's order. */
function middleImage({ series, images }: LoadedSeries): LoadedImage {
  const middle = Math.floor(images.length / 2);
  try {
    return sortSlices(images, series.description).slices[middle];
  } catch (error) {
    if (error instanceof SynthesisError) return images[middle];
    throw error;
  }
}
