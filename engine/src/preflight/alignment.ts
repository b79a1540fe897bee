import { CONTRAST_LABELS } from '../contrast/Contrast';
import { fixed, isSentence, joined, say } from '../say';
import type { PreflightFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Motion that a person should look at before it is believed. */
const FAR = { millimetres: 15, degrees: 10 };

/** How the sources lie on the reference. */
export function alignment({ pixels, reference, sources }: PreflightFacts): Finding | null {
  if (!pixels) return null;
  const found = pixels.alignment;
  if (isSentence(found)) {
    return { level: 'red', sentence: found };
  }
  const name = CONTRAST_LABELS[reference];
  if (sources.length < 2) return { level: 'green', sentence: say`One source: nothing to align.` };
  const told = [...found].map(([contrast, { verdict, millimetres, degrees, doubtful }]): Finding => {
    const source = CONTRAST_LABELS[contrast];
    if (doubtful) {
      return {
        level: 'amber',
        sentence: say`${source} fits ${name} no better than another head would.`,
        remedy: say`It may show another head, or one turned over: compare the series before the result is used.`,
      };
    }
    const motion = say`${fixed(millimetres, 1)} mm and ${fixed(degrees, 1)} degrees`;
    const far = millimetres > FAR.millimetres || degrees > FAR.degrees;
    if (verdict === 'aligned')
      return { level: 'green', sentence: say`${source} lies on ${name} within ${motion}.` };
    const sentence = say`${source} was moved onto ${name} by ${motion}.`;
    const remedy = say`That is much for one session: compare the series before the result is used.`;
    return far ? { level: 'amber', sentence, remedy } : { level: 'green', sentence };
  });
  return findingOf(
    told.filter(t => t.level !== 'green'),
    joined(told.map(t => t.sentence)),
  );
}
