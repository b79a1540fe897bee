import { decimal, type Message, message } from '../messages';
import type { Alignment } from './Alignment';
import type { RegistrationLimits } from './limits';
import type { Motion } from './rigid';

/** An accepted registration. */
export type Acceptance = Pick<Alignment, 'verdict' | 'doubtful'>;

/** Acceptance check of a registration; `refused` gives the reason as a clause. */
export function checkAcceptance(
  { millimetres, degrees }: Motion,
  { before, after, mirrored }: Alignment['similarity'],
  limits: RegistrationLimits,
): Acceptance | { refused: Message } {
  const { negligibleMotion, maxMotion, similarityNoise, mirrorRatio } = limits;
  const motion = message('registration/found', {
    millimetres: decimal(millimetres, 1),
    degrees: decimal(degrees, 1),
  });
  if (after < limits.minSimilarity) return { refused: message('registration/too-little-in-common') };
  if (mirrored - 1 > mirrorRatio * (after - 1)) return { refused: message('registration/mirrored') };
  const sideCertain = mirrored > 0 && after - 1 > mirrorRatio * (mirrored - 1);
  const doubtful = after < limits.samePatientSimilarity || (!sideCertain && after < limits.certainSimilarity);
  // Without overlap by the headers, only the images can confirm the result.
  if (doubtful && before === 0) return { refused: message('registration/too-little-in-common') };
  if (millimetres < negligibleMotion.millimetres && degrees < negligibleMotion.degrees)
    return { verdict: 'aligned', doubtful };
  if (after < before - similarityNoise) return { refused: message('registration/less-alike', { motion }) };
  if (millimetres > maxMotion.millimetres || degrees > maxMotion.degrees) {
    return { refused: message('registration/implausible', { motion }) };
  }
  return { verdict: after < before + similarityNoise ? 'aligned' : 'registered', doubtful };
}
