import { decimal, type Message, message } from '../messages';
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
/** Noise against a head reaches 1.00, and so does what cannot be laid onto the other. Any two heads reach 1.11. */
const LEAST = 1.03;
/**
 * A head fits itself better than its mirror image does, by what similarity exceeds 1: at least 1.1 times, where another head, or
 * one that lies turned over, fits about as well as its mirror image (docs/registration.md).
 */
const SIDED = 1.06;
/** Two contrasts of one head reach 1.19 and more, of 5.5 mm slices even. */
const ALIKE = 1.17;
/** More alike than any two heads of different patients (1.23): what is so alike may be symmetric, as phantoms are. */
const CERTAIN = 1.3;

/** What to make of what was found. */
export type Judgement = Pick<Alignment, 'verdict' | 'doubtful'>;

/** What to make of a motion found, or why it cannot be believed: a clause. */
export function judge(
  { millimetres, degrees }: Motion,
  { before, after, mirrored }: Alignment['similarity'],
): Judgement | { refused: Message } {
  const found = message('registration/found', {
    millimetres: decimal(millimetres, 1),
    degrees: decimal(degrees, 1),
  });
  if (after < LEAST) return { refused: message('registration/too-little-in-common') };
  if (mirrored - 1 > SIDED * (after - 1)) return { refused: message('registration/mirrored') };
  const sided = mirrored > 0 && after - 1 > SIDED * (mirrored - 1);
  const doubtful = after < ALIKE || (!sided && after < CERTAIN);
  // Where the headers have nothing to say, the images alone must be sure.
  if (doubtful && before === 0) return { refused: message('registration/too-little-in-common') };
  if (millimetres < STILL.millimetres && degrees < STILL.degrees) return { verdict: 'aligned', doubtful };
  if (after < before - NOISE) return { refused: message('registration/less-alike', { motion: found }) };
  if (millimetres > BELIEVABLE.millimetres || degrees > BELIEVABLE.degrees) {
    return { refused: message('registration/implausible', { motion: found }) };
  }
  return { verdict: after < before + NOISE ? 'aligned' : 'registered', doubtful };
}
