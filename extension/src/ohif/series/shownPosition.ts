import { getEnabledElementByViewportId, metaData, type Types } from '@cornerstonejs/core';
import type { Point3 } from '@modality-synthesis/engine';
import type { DisplaySet, Instance, Services } from '../types';
import { centreOf, nearestImage } from './slicePosition';

/**
 * Position of the active viewport's slice, LPS mm; undefined where it lies in another space than the display
 * set, or is the first.
 */
export function shownPosition({ instances }: DisplaySet, services: Services): Point3 | undefined {
  const { activeViewportId } = services.viewportGridService.getState();
  const viewport = activeViewportId && getEnabledElementByViewportId(activeViewportId)?.viewport;
  if (!viewport || viewport.getFrameOfReferenceUID() !== instances?.[0]?.FrameOfReferenceUID)
    return undefined;
  if (viewport.type !== 'stack') return viewport.getCamera().focalPoint;
  const { getCurrentImageIdIndex, getCurrentImageId } = viewport as Types.IStackViewport;
  // The first slice is mostly air.
  if (getCurrentImageIdIndex.call(viewport) === 0) return undefined;
  const image = metaData.get('instance', getCurrentImageId.call(viewport)) as Instance | undefined;
  return image && centreOf(image);
}

/** What a stack opens with: the image nearest to a position, or else the middle one. */
export function openedAt({ instances = [] }: DisplaySet, position: Point3 | undefined) {
  const index = position && nearestImage(instances, position);
  return index === undefined ? { preset: 'middle' } : { index };
}
