import { dilate, erode, fillHolesBySlice, largestComponent, type Mask } from '../volume/morphology';
import type { Point3 } from '../volume/Volume';

/** Radius of the ball that the brain is wide enough for everywhere that matters, voxels of 2 mm. */
const NECK = 4;

/**
 * Cuts off what hangs on the brain by a bridge thinner than two radii (muscles, face), keeps the largest 6-connected
 * piece, and fills its holes slice by slice.
 */
export function freeOfNeck(mask: Mask, dims: Point3): Mask {
  const core = largestComponent(erode(mask, dims, NECK), dims);
  const near = core.includes(1) ? dilate(core, dims, NECK + 1) : mask;
  const kept = mask.map((inside, i) => inside & near[i]);
  return fillHolesBySlice(largestComponent(kept, dims), dims);
}
