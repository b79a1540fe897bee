import { CONTRAST_LABELS } from '../contrast/Contrast';
import type { PreflightFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Motion that a person should look at before it is believed. */
const FAR = { millimetres: 15, degrees: 10 };

/** How the sources lie on the reference. */
export function alignment({ pixels, reference, sources }: PreflightFacts): Finding | null {
  if (!pixels) return null;
  const found = pixels.alignment;
  if (typeof found === 'string') {
    return { level: 'red', sentence: found };
  }
  const name = CONTRAST_LABELS[reference];
  if (sources.length < 2) return { level: 'green', sentence: 'One source: nothing to align.' };
  const moved = [...found].filter(([, motion]) => motion.verdict === 'registered');
  const told = moved.map(([contrast, { millimetres, degrees }]) => ({
    far: millimetres > FAR.millimetres || degrees > FAR.degrees,
    words: `${CONTRAST_LABELS[contrast]} was moved onto ${name} by ${millimetres.toFixed(1)} mm and ${degrees.toFixed(1)} degrees.`,
  }));
  const troubles = told
    .filter(t => t.far)
    .map(
      ({ words }): Finding => ({
        level: 'amber',
        sentence: words,
        remedy: 'That is much for one session: compare the series before the result is used.',
      }),
    );
  const others = told.length ? told.map(t => t.words).join(' ') : `The sources lie on ${name} as they are.`;
  return findingOf(troubles, others);
}
