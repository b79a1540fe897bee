import { cache, metaData, type Types } from '@cornerstonejs/core';
import type { Instance } from '../types';

type Viewport = Types.IEnabledElement['viewport'];

/** A thicker slab shows a projection, not the plane that a map is sampled on, mm. */
const PLANE = 1;

/**
 * SeriesInstanceUID of the image that a viewport has rendered, of a fusion the one on top.
 * @returns undefined where it shows no plane of an image, as a slab or a volume rendering
 */
export function shownSeries(viewport: Viewport): string | undefined {
  const uids = layers(viewport)
    .map(imageId => imageId && (metaData.get('instance', imageId) as Instance | undefined))
    .flatMap(instance => (instance ? [String(instance.SeriesInstanceUID)] : []));
  return uids.at(-1);
}

/** An image id of each layer of a viewport, the top one last. */
function layers(viewport: Viewport): (string | undefined)[] {
  // The rendered image: the current one of a stack may still be loading.
  if ('getCornerstoneImage' in viewport) return [viewport.getCornerstoneImage()?.imageId];
  if (viewport.type !== 'orthographic' || !('getSlabThickness' in viewport)) return [];
  if (viewport.getSlabThickness() > PLANE) return [];
  // Segmentations have volumes too, but no images with an instance.
  return viewport
    .getActors()
    .map(({ referencedId }) => referencedId && cache.getVolume(referencedId)?.imageIds?.[0]);
}
