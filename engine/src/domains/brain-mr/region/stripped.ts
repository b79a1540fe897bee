import { largestComponent } from '../../../volume/components';
import { complement, count, intersection, type Mask, threshold } from '../../../volume/Mask';
import { erode, fillHolesBySlice } from '../../../volume/morphology';
import type { Point3, Volume } from '../../../volume/Volume';
import { LOW } from './maskFromProbability';

/**
 * Depth under the surface where a head has scalp and skull, and a stripped brain its cortex, voxels of 2 mm.
 * The outermost show a part of what they are.
 */
const SHELL = { from: 1, to: 3 };
/** Least share of probable brain there in stripped sources; measured: 0.43, and 0.00 in whole heads. */
const LEAST = 0.1;

/** The brain on the grid of the sources. */
export interface ExtractedBrain {
  /** Empty when no brain was found. */
  mask: Mask;
  /** Whether the sources are skull-stripped; then the mask is their whole support. */
  stripped: boolean;
}

/**
 * Keeps the whole support of skull-stripped sources: there is brain close under its surface, where a head has
 * scalp and skull. Parts that the network missed, such as cysts, do not matter then.
 * @param brain as the network found it
 * @param probability of brain, laid out like Volume.data
 * @param volumes sources on the grid of `brain`, 0 where stripped
 */
export function keepAllIfStripped(
  brain: Mask,
  probability: Float32Array,
  volumes: readonly Volume[],
): ExtractedBrain {
  const { dims } = volumes[0];
  const support = fillHolesBySlice(supportOf(volumes), dims);
  const stripped = underSurface(probability, support, dims) > LEAST;
  return { mask: stripped ? support : brain, stripped };
}

/** Share of probable brain, in one component, close under the surface of `support`; 0 without a surface. */
function underSurface(probability: Float32Array, support: Mask, dims: Point3): number {
  const { from, to } = SHELL;
  const shell = intersection(erode(support, dims, from), complement(erode(support, dims, to)));
  const probable = largestComponent(threshold(probability, LOW), dims);
  return count(intersection(shell, probable)) / Math.max(count(shell), 1);
}

/** The largest component of the voxels that are positive in any of the volumes. */
function supportOf(volumes: readonly Volume[]): Mask {
  const any = new Uint8Array(volumes[0].data.length);
  for (const { data } of volumes) for (let i = 0; i < any.length; i++) if (data[i] > 0) any[i] = 1;
  return largestComponent(any, volumes[0].dims);
}
