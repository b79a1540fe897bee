import { largestComponent } from '../../../volume/components';
import { complement, count, intersection, type Mask } from '../../../volume/Mask';
import { dilate, erode, fillHolesBySlice } from '../../../volume/morphology';
import type { Point3, Volume } from '../../../volume/Volume';

/** Least share of brain in the support of stripped sources whose brain has large holes, such as cysts. */
const LEAST = 0.4;
/** Voxels of the grid between brain and surface that are still none: scalp and skull are thicker. */
const NEAR = 2;
/** Least share of their surface that lies near the brain: of 43 whole heads at most 0.10. */
const BARE = 0.25;

/** The brain on the grid of the sources. */
export interface ExtractedBrain {
  /** Empty when no brain was found. */
  mask: Mask;
  /** Whether the sources are skull-stripped; then the mask is their whole support. */
  stripped: boolean;
}

/**
 * Keeps the whole support of skull-stripped sources: nearly all of it is brain, or, where the network missed
 * large parts such as cysts, the brain reaches its surface and there is no scalp.
 * @param brain as the network found it
 * @param volumes sources on the grid of `brain`, 0 where stripped
 * @param share of brain in the support, above which the sources count as stripped
 */
export function keepAllIfStripped(brain: Mask, volumes: readonly Volume[], share: number): ExtractedBrain {
  const support = supportOf(volumes);
  const { dims } = volumes[0];
  const stripped = (mask: Mask) =>
    count(brain) > share * count(mask) ||
    (count(brain) > LEAST * count(mask) && nearSurface(brain, mask, dims) > BARE);
  // Filling holes only adds voxels.
  if (!stripped(support)) return { mask: brain, stripped: false };
  const filled = fillHolesBySlice(support, dims);
  return stripped(filled) ? { mask: filled, stripped: true } : { mask: brain, stripped: false };
}

/** Share of the surface of `support` within NEAR voxels of the brain; 0 where it has no surface. */
function nearSurface(brain: Mask, support: Mask, dims: Point3): number {
  const surface = intersection(support, complement(erode(support, dims, 1)));
  return count(intersection(surface, dilate(brain, dims, NEAR))) / Math.max(count(surface), 1);
}

/** The largest component of the voxels that are positive in any of the volumes. */
function supportOf(volumes: readonly Volume[]): Mask {
  const any = new Uint8Array(volumes[0].data.length);
  for (const { data } of volumes) for (let i = 0; i < any.length; i++) if (data[i] > 0) any[i] = 1;
  return largestComponent(any, volumes[0].dims);
}
