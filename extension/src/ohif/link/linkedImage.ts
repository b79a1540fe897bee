import type { Dataset } from '@modality-synthesis/engine';
import { centreOf, nearestImage } from '../series/slicePosition';

/** Headers of a stack's images, and which one is shown. */
export interface ShownStack {
  images: readonly Dataset[];
  index: number;
}

/**
 * Index of the image with which a stack follows another: the nearest one to the middle of the other's image.
 * @returns undefined where it need not move, or the stacks lie in different spaces
 */
export function linkedImage(from: ShownStack, to: ShownStack): number | undefined {
  const [source, target] = [from.images[from.index], to.images[to.index]];
  if (!source || !target || source.FrameOfReferenceUID !== target.FrameOfReferenceUID) return undefined;
  const [there, here] = [centreOf(source), centreOf(target)];
  if (!there || !here) return undefined;
  const index = nearestImage(to.images, there);
  // The other has thicker slices, and this one's position in its slice.
  const isInside = nearestImage(from.images, here) === from.index;
  return index === to.index || isInside ? undefined : index;
}
