import { fixed, type Sentence, say } from '../say';
import type { Alignment } from './Alignment';
import type { Motion } from './rigid';

/** Below both, motion is what remains between two contrasts of a still head (up to 0.4 mm on such pairs), and no harm at 1 mm voxels. */
const STILL: Motion = { millimetres: 1, degrees: 1 };
/**
 * Beyond either, the search has gone astray. A head in its coil turns by 20 or 30 degrees at the very most; at 45 a nose
 * would point where an ear was. A head is 180 mm long: moved by 100, more than half of it would have left the other's place.
 */
const BELIEVABLE: Motion = { millimetres: 100, degrees: 45 };
/**
 * Normalized mutual information changes this much with nothing moved: by the choice of samples, and by how the lattices of
 * two series fall on one another (0.004 between still phantoms of 5 mm slices). A head that turned
 * 10 degrees and moved 3 mm gains 0.08.
 */
const NOISE = 0.005;
/** Two contrasts of one head reach 1.18 and more, of 5.5 mm slices even; noise against a head 1.00. */
const LEAST = 1.03;

/** What to make of a motion found, or why it cannot be believed: a clause. */
export function judge(
  { millimetres, degrees }: Motion,
  { before, after }: Alignment['similarity'],
): Alignment['verdict'] | { refused: Sentence } {
  const found = say`${fixed(millimetres, 1)} mm and ${fixed(degrees, 1)} degrees`;
  if (after < LEAST) return { refused: say`the two images have too little in common` };
  if (millimetres < STILL.millimetres && degrees < STILL.degrees) return 'aligned';
  if (after < before - NOISE)
    return { refused: say`they are less alike after the motion found (${found}) than before` };
  if (millimetres > BELIEVABLE.millimetres || degrees > BELIEVABLE.degrees) {
    return { refused: say`the motion found (${found}) is beyond belief for a head` };
  }
  return after < before + NOISE ? 'aligned' : 'registered';
}
