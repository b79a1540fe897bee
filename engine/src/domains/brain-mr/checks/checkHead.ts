import { list, message } from '../../../messages';
import type { PreflightFacts } from '../../../preflight/facts';
import type { Finding } from '../../../preflight/report';
import { SMALLEST_BRAIN } from '../../../prepare';
import { CONTRAST_LABELS } from '../../Role';
import { brainVolume } from '../region/findBrain';

/** Range of adult brain volumes, including errors of the extraction, mL. */
const ADULT_VOLUME = [800, 2000] as const;

/** Whether the sources are skull-stripped, and the volume of the brain. */
export function checkHead({ pixels, sources }: PreflightFacts): Finding | null {
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
  if (millilitres < ADULT_VOLUME[0] || millilitres > ADULT_VOLUME[1]) {
    return {
      level: 'amber',
      text: message('preflight/head-unusual-volume', {
        finding: text,
        least: ADULT_VOLUME[0],
        most: ADULT_VOLUME[1],
      }),
      remedy: message('preflight/head-unusual-volume-remedy'),
    };
  }
  return { level: 'green', text };
}
