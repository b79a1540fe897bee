import { CONTRAST_LABELS } from '../contrast/Contrast';
import { brainVolume } from '../findBrain';
import { list, message } from '../messages';
import { SMALLEST_BRAIN } from '../prepare';
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
      text: message('preflight/head-too-little-brain', { millilitres }),
      remedy: message('preflight/head-too-little-brain-remedy'),
    };
  }
  const stripped = brain.strippedSources.map(contrast => CONTRAST_LABELS[contrast]);
  if (stripped.length > 0 && stripped.length < sources.length) {
    return {
      level: 'amber',
      text: message('preflight/head-mixed', { stripped: list(stripped, ', '), millilitres }),
      remedy: message('preflight/head-mixed-remedy'),
    };
  }
  const text = brain.stripped
    ? message('preflight/head-stripped', { millilitres })
    : message('preflight/head-whole', { millilitres });
  if (millilitres < ADULT[0] || millilitres > ADULT[1]) {
    return {
      level: 'amber',
      text: message('preflight/head-unusual-volume', { finding: text, least: ADULT[0], most: ADULT[1] }),
      remedy: message('preflight/head-unusual-volume-remedy'),
    };
  }
  return { level: 'green', text };
}
