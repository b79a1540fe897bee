import { CONTRAST_LABELS } from '../contrast/Contrast';
import type { PreflightFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Which series are taken for what, and whether their geometry can be used. */
export function sources({ sources, reference }: PreflightFacts): Finding {
  const troubles = sources.flatMap(({ contrast, description, confidence, grid }): Finding[] => {
    const name = CONTRAST_LABELS[contrast];
    if (typeof grid === 'string') {
      return [{ level: 'red', sentence: grid, remedy: `Choose another series as ${name}, or none.` }];
    }
    return confidence === 'low'
      ? [
          {
            level: 'amber',
            sentence: `It is not sure that “${description}” is ${name}.`,
            remedy: 'Look at the images, and choose the contrast of the series yourself.',
          },
        ]
      : [];
  });
  const names = sources.map(s => `${CONTRAST_LABELS[s.contrast]} (“${s.description}”)`).join(', ');
  return findingOf(troubles, `${names}; the result gets the slices of ${CONTRAST_LABELS[reference]}.`);
}
