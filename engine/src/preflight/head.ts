import { CONTRAST_LABELS } from '../contrast/Contrast';
import { brainVolume } from '../findBrain';
import { SMALLEST_BRAIN } from '../prepare';
import { joined, say } from '../say';
import type { PreflightFacts } from './facts';
import type { Finding } from './report';

/** Volumes that adult brains have, with what extraction errs, mL. */
const ADULT = [800, 2000] as const;

/** Whether the sources show whole heads or brains alone, and how much brain was found. */
export function head({ pixels, sources }: PreflightFacts): Finding | null {
  const brain = pixels?.brain;
  if (!brain) return null;
  const millilitres = Math.round(brainVolume(brain));
  if (millilitres < SMALLEST_BRAIN) {
    return {
      level: 'red',
      sentence: say`Only ${millilitres} mL of brain were found.`,
      remedy: say`A brain study that covers the head is needed.`,
    };
  }
  const bare = brain.bare.map(contrast => CONTRAST_LABELS[contrast]);
  if (bare.length > 0 && bare.length < sources.length) {
    return {
      level: 'amber',
      sentence: say`${joined(bare, ', ')} shows the brain alone, the others the whole head; ${millilitres} mL of brain were found.`,
      remedy: say`Choose series of one kind, or look whether the brain is whole in all.`,
    };
  }
  const sentence = brain.stripped
    ? say`The skull was removed before; ${millilitres} mL of brain were found.`
    : say`Whole head; ${millilitres} mL of brain were found.`;
  if (millilitres < ADULT[0] || millilitres > ADULT[1]) {
    return {
      level: 'amber',
      sentence: say`${sentence} An adult has ${ADULT[0]} to ${ADULT[1]} mL.`,
      remedy: say`Brain may be missing or too much may be taken for it; the model was not made for children.`,
    };
  }
  return { level: 'green', sentence };
}
