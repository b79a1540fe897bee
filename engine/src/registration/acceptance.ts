import { decimal, type Message, message } from '../messages';
import type { Alignment } from './Alignment';
import type { Motion } from './rigid';

/** Motion below both is not corrected: a still head measures 0.4 mm, and 1 mm is harmless at 1 mm voxels. */
const NEGLIGIBLE_MOTION: Motion = { millimetres: 1, degrees: 1 };
/**
 * Motion beyond either is refused as a failed search. A head in its coil rotates by 30 degrees at most. It is
 * about 180 mm long, so a shift of 100 mm leaves less than half of it in place.
 */
const MAX_MOTION: Motion = { millimetres: 100, degrees: 45 };
/**
 * Variation of normalized mutual information without motion, due to sampling and to the relative position of
 * the two grids (0.004 between still phantoms with 5 mm slices). Correcting 10 degrees and 3 mm gains 0.08.
 */
const SIMILARITY_NOISE = 0.005;
/** Similarity below this is refused. Noise against a head reaches 1.00, any two heads reach 1.11. */
const MIN_SIMILARITY = 1.03;
/**
 * Ratio of (similarity - 1) to that of the mirrored source above which left and right are certain. It is at
 * least 1.1 for the same head, about 1 for another head or one upside down (docs/registration-acceptance.md).
 */
const MIRROR_RATIO = 1.06;
/** Similarity below this is doubtful. Two contrasts of one head reach 1.19 or more, even in 5.5 mm slices. */
const SAME_HEAD_SIMILARITY = 1.17;
/** Above any two patients (1.23 at most): such a pair may be symmetric, as phantoms are. */
const CERTAIN_SIMILARITY = 1.3;

/** An accepted registration. */
export type Acceptance = Pick<Alignment, 'verdict' | 'doubtful'>;

/** Acceptance check of a registration; `refused` gives the reason as a clause. */
export function checkAcceptance(
  { millimetres, degrees }: Motion,
  { before, after, mirrored }: Alignment['similarity'],
): Acceptance | { refused: Message } {
  const motion = message('registration/found', {
    millimetres: decimal(millimetres, 1),
    degrees: decimal(degrees, 1),
  });
  if (after < MIN_SIMILARITY) return { refused: message('registration/too-little-in-common') };
  if (mirrored - 1 > MIRROR_RATIO * (after - 1)) return { refused: message('registration/mirrored') };
  const sideCertain = mirrored > 0 && after - 1 > MIRROR_RATIO * (mirrored - 1);
  const doubtful = after < SAME_HEAD_SIMILARITY || (!sideCertain && after < CERTAIN_SIMILARITY);
  // Without overlap by the headers, only the images can confirm the result.
  if (doubtful && before === 0) return { refused: message('registration/too-little-in-common') };
  if (millimetres < NEGLIGIBLE_MOTION.millimetres && degrees < NEGLIGIBLE_MOTION.degrees)
    return { verdict: 'aligned', doubtful };
  if (after < before - SIMILARITY_NOISE) return { refused: message('registration/less-alike', { motion }) };
  if (millimetres > MAX_MOTION.millimetres || degrees > MAX_MOTION.degrees) {
    return { refused: message('registration/implausible', { motion }) };
  }
  return { verdict: after < before + SIMILARITY_NOISE ? 'aligned' : 'registered', doubtful };
}
