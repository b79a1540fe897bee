import { inBoundingBox } from '../../../volume/box';
import { largestComponent } from '../../../volume/components';
import { intersection, type Mask, threshold } from '../../../volume/Mask';
import { dilate, fillHolesBySlice, openLargestComponent } from '../../../volume/morphology';
import type { Point3 } from '../../../volume/Volume';

/** Hysteresis thresholds: the mask grows from voxels above the high one into those above the low one. */
const HIGH = 0.95;
export const LOW = 0.5;
/** Largest distance of that growth, voxels of 2 mm. */
const MAX_DISTANCE = 3;
/** Radius of the opening, voxels of 2 mm; the brain is wider than this everywhere that matters. */
const OPENING_RADIUS = 4;

/**
 * Brain mask by hysteresis thresholding: the certain voxels, without parts on thin bridges, and the probable
 * ones near them. A face or neck unlike the training data is often probable but rarely certain.
 * @param probability of brain, laid out like Volume.data
 * @returns the largest 6-connected component, its holes filled slice by slice
 */
export function maskFromProbability(probability: Float32Array, dims: Point3): Mask {
  return inBoundingBox(threshold(probability, LOW), dims, MAX_DISTANCE, (probable, box, crop) => {
    const core = openLargestComponent(threshold(crop(probability), HIGH), box, OPENING_RADIUS);
    const kept = core.includes(1) ? intersection(probable, dilate(core, box, MAX_DISTANCE)) : probable;
    return fillHolesBySlice(largestComponent(kept, box), box);
  });
}
