import { type Mask, threshold } from './Mask';
import { type Volume, voxelMillilitres } from './Volume';

/** Probability from which on a voxel counts as lesion. */
const LIKELY = 0.5;

/** Something of any lesion, and of one that takes up a contrast agent where the model tells that apart. */
export interface OfLesions<T> {
  any: T;
  enhancing?: T;
}

/**
 * How probable a model holds a lesion in each voxel to be: [0, 1], 0 outside the region. Learned from the
 * outlines that readers drew; no diagnosis.
 */
export type LesionProbabilities = OfLesions<Volume>;

/** Expected volumes, mL: the sums of the probabilities. */
export type LesionVolumes = OfLesions<number>;

export function eachLesion<T, U>({ any, enhancing }: OfLesions<T>, convert: (one: T) => U): OfLesions<U> {
  return { any: convert(any), ...(enhancing !== undefined && { enhancing: convert(enhancing) }) };
}

/** Where a lesion is likely. */
export function likelyLesion({ any }: LesionProbabilities): Mask {
  return threshold(any.data, LIKELY);
}

/** In steps of 0.01 mL. */
export function lesionVolumes(probabilities: LesionProbabilities): LesionVolumes {
  return eachLesion(probabilities, volume => {
    let sum = 0;
    for (let at = 0; at < volume.data.length; at++) sum += volume.data[at];
    return Math.round(100 * sum * voxelMillilitres(volume)) / 100;
  });
}
