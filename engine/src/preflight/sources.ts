import { CONTRAST_LABELS } from '../contrast/Contrast';
import type { PreflightFacts } from './facts';
import { type Finding, findingOf } from './report';

/** Which series are taken for what, and whether their geometry can be used. */
export function sources({ sources, reference }: PreflightFacts): Finding {
  const troubles = sources.flatMap(({ contrast, grid }): Finding[] =>
    typeof grid === 'string'
      ? [
          {
            level: 'red',
            sentence: grid,
            remedy: `Choose another series as ${CONTRAST_LABELS[contrast]}, or none.`,
          },
        ]
      : [],
  );
  const names = sources.map(s => `${CONTRAST_LABELS[s.contrast]} (“${s.description}”)`).join(', ');
  return findingOf(troubles, `${names}; the result gets the slices of ${CONTRAST_LABELS[reference]}.`);
}
