import { list } from '../../../messages';
import type { PreflightFacts } from '../../../preflight/facts';
import type { Finding } from '../../../preflight/report';
import { regionVolume } from '../../Region';
import { roleLabel } from '../../Role';
import { message } from '../en';
import { ADULT_VOLUME, SMALLEST_BRAIN } from '../limits';
import type { FoundBrain } from '../region/findBrain';

/** Whether the sources are skull-stripped, and the volume of the brain. */
export function checkHead({ pixels, sources }: PreflightFacts<FoundBrain>): Finding | null {
  const brain = pixels?.region;
  if (!brain) return null;
  const millilitres = Math.round(regionVolume(brain));
  if (millilitres < SMALLEST_BRAIN) {
    return {
      level: 'red',
      text: message('brain-mr/head-too-little-brain', { millilitres }),
      remedy: message('brain-mr/head-too-little-brain-remedy'),
    };
  }
  const stripped = brain.strippedSources.map(role => roleLabel(role));
  if (stripped.length > 0 && stripped.length < sources.length) {
    return {
      level: 'amber',
      text: message('brain-mr/head-mixed', { stripped: list(stripped, ', '), millilitres }),
      remedy: message('brain-mr/head-mixed-remedy'),
    };
  }
  const text = brain.stripped
    ? message('brain-mr/head-stripped', { millilitres })
    : message('brain-mr/head-whole', { millilitres });
  if (millilitres < ADULT_VOLUME[0] || millilitres > ADULT_VOLUME[1]) {
    return {
      level: 'amber',
      text: message('brain-mr/head-unusual-volume', {
        finding: text,
        least: ADULT_VOLUME[0],
        most: ADULT_VOLUME[1],
      }),
      remedy: message('brain-mr/head-unusual-volume-remedy'),
    };
  }
  return { level: 'green', text };
}
