import { CONTRAST_LABELS } from '../contrast/Contrast';
import { isSentence, joined, say } from '../say';
import type { PreflightFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Which series are taken for what, and whether their geometry can be used. */
export function sources({ sources, reference }: PreflightFacts): Finding {
  const troubles = sources.flatMap(({ contrast, description, confidence, grid }): Finding[] => {
    const name = CONTRAST_LABELS[contrast];
    if (isSentence(grid)) {
      return [{ level: 'red', sentence: grid, remedy: say`Choose another series as ${name}, or none.` }];
    }
    return confidence === 'low'
      ? [
          {
            level: 'amber',
            sentence: say`It is not sure that “${description}” is ${name}.`,
            remedy: say`Look at the images, and choose the contrast of the series yourself.`,
          },
        ]
      : [];
  });
  const names = joined(
    sources.map(s => say`${CONTRAST_LABELS[s.contrast]} (“${s.description}”)`),
    ', ',
  );
  return findingOf(troubles, say`${names}; the result gets the slices of ${CONTRAST_LABELS[reference]}.`);
}
