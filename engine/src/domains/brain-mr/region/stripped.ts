import { largestComponent } from '../../../volume/components';
import { count, type Mask } from '../../../volume/Mask';
import { fillHolesBySlice } from '../../../volume/morphology';
import type { Volume } from '../../../volume/Volume';

/** The brain on the grid of the sources. */
export interface ExtractedBrain {
  /** Empty when no brain was found. */
  mask: Mask;
  /** Whether the sources are skull-stripped; then the mask is their whole support. */
  stripped: boolean;
}

/**
 * Keeps the whole support of skull-stripped sources: nearly all of it is brain.
 * @param brain as the network found it
 * @param volumes sources on the grid of `brain`, 0 where stripped
 * @param share of brain in the support, above which the sources count as stripped
 */
export function keepAllIfStripped(brain: Mask, volumes: readonly Volume[], share: number): ExtractedBrain {
  const support = supportOf(volumes);
  const stripped = (mask: Mask) => count(brain) > share * count(mask);
  // Filling holes only adds voxels.
  if (!stripped(support)) return { mask: brain, stripped: false };
  const filled = fillHolesBySlice(support, volumes[0].dims);
  return stripped(filled) ? { mask: filled, stripped: true } : { mask: brain, stripped: false };
}

/** The largest component of the voxels that are positive in any of the volumes. */
function supportOf(volumes: readonly Volume[]): Mask {
  const any = new Uint8Array(volumes[0].data.length);
  for (const { data } of volumes) for (let i = 0; i < any.length; i++) if (data[i] > 0) any[i] = 1;
  return largestComponent(any, volumes[0].dims);
}
