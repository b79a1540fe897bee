import { largestComponent } from '../volume/largestComponent';
import { count, type Mask } from '../volume/Mask';
import { fillHolesBySlice } from '../volume/morphology';
import type { Volume } from '../volume/Volume';

/** What was found on the volumes' grid. */
export interface ExtractedBrain {
  /** Empty where nothing was found. */
  mask: Mask;
  /** Whether the skull had been removed before: then the mask is all that is shown. */
  stripped: boolean;
}

/**
 * The brain, or all that the sources show where the skull was removed before: there, nearly all of it is brain.
 * @param brain as the network found it
 * @param volumes sources on the mask's grid, 0 where stripped away
 * @param share of the support, above which we believe that the skull was removed
 */
export function wholeIfStripped(brain: Mask, volumes: readonly Volume[], share: number): ExtractedBrain {
  const piece = shownPiece(volumes);
  const stripped = (shown: Mask) => count(brain) > share * count(shown);
  // Filling only adds.
  if (!stripped(piece)) return { mask: brain, stripped: false };
  const filled = fillHolesBySlice(piece, volumes[0].dims);
  return stripped(filled) ? { mask: filled, stripped: true } : { mask: brain, stripped: false };
}

/** The largest piece of where any of the volumes is positive. */
function shownPiece(volumes: readonly Volume[]): Mask {
  const any = new Uint8Array(volumes[0].data.length);
  for (const { data } of volumes) for (let i = 0; i < any.length; i++) if (data[i] > 0) any[i] = 1;
  return largestComponent(any, volumes[0].dims);
}
