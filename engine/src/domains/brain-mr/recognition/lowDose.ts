import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import type { Recognition } from '../../Recognition';
import { message } from '../en';
import { LOW_DOSE } from '../roles';
import { contrastAgentState } from './contrastAgent';
import { evidenceOf, find, namesOf, terms } from './names';

/**
 * Words for less of the agent than usual, in the normalized form of `readable`, which turns "25 %" into "25"
 * and "1/4" into "1 4". A single, full, double or second dose is none.
 */
export const LESS = terms(
  '(?:low|lower|reduced|half|quarter|tenth|micro|mini)(?: (?:contrast|gd|gad*|agent))? ?dose*',
  '(?:\\d{2}|1 [2-9]|0 \\d{1,3})(?: (?:pct|percent|of))? ?(?:full )?dos(?:e|is)',
  'dose (?:\\d{2}|1 [2-9]|0 \\d{1,3})(?: pct| percent)?(?= $)',
  '(?:niedrig|halb|viertel|reduziert)(?:e|er|en)? ?dosis*',
  '(?:demi|quart de|faible) dose',
  'dose (?:reduite|faible|ridotta|reduzida|baixa)',
  'dosis (?:baja|reducida)',
  '(?:mezza|bassa|meia|baixa|media) dos(?:e|is)',
);

/**
 * A T1 after a smaller dose of the agent is never the T1 after the full one. A T1 of which only the dose is
 * told is doubtful.
 */
export function withDose(one: Recognition, attributes: SeriesAttributes): Recognition {
  const { role, alternatives = [], reasons } = one;
  const unsure = role === 't1' && alternatives.includes('t1ce');
  if (role !== 't1ce' && !unsure) return one;
  const names = namesOf(attributes);
  const found = find(names, LESS);
  if (!found || (unsure && contrastAgentState(attributes, names)?.given === false)) return one;
  const evidence = evidenceOf(found.name, found.words);
  return {
    ...one,
    role: LOW_DOSE,
    ...(unsure && { confidence: 'low' as const }),
    alternatives: undefined,
    reasons: [...reasons, message('brain-mr/recognition/low-dose', { evidence })],
  };
}
