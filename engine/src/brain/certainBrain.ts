import { inBox } from '../volume/box';
import { largestComponent } from '../volume/largestComponent';
import { above, both, type Mask } from '../volume/Mask';
import { cutBridges, dilate, fillHolesBySlice } from '../volume/morphology';
import type { Point3 } from '../volume/Volume';

/** Radius of the ball that the brain is wide enough for everywhere that matters, voxels of 2 mm. */
const NECK = 4;
/** Probability of what is brain for sure, and how far from it the merely probable is believed, voxels of 2 mm. */
const SURE = 0.95;
const REACH = 3;

/**
 * What is sure to be brain and hangs together by more than thin bridges, and what is probable near it: a face or neck that
 * the network never saw the like of is probable, seldom sure. The largest 6-connected piece, its holes filled slice by slice.
 * @param probability of brain, laid out like Volume.data
 */
export function certainBrain(probability: Float32Array, dims: Point3): Mask {
  return inBox(above(probability, 0.5), dims, REACH, (probable, box, cut) => {
    const core = cutBridges(above(cut(probability), SURE), box, NECK);
    const kept = core.includes(1) ? both(probable, dilate(core, box, REACH)) : probable;
    return fillHolesBySlice(largestComponent(kept, box), box);
  });
}
