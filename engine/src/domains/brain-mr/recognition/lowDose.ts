import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import type { Message } from '../../../messages';
import type { Site } from '../../Domain';
import type { Recognition, RecognizedSeries } from '../../Recognition';
import { roleLabel } from '../../Role';
import { message } from '../en';
import { LOW_DOSE } from '../roles';
import { secondsOfDay } from './beforeBolus';
import { contrastAgentState } from './contrastAgent';
import { amountMessage, doseOfAmount, injections } from './givenDose';
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

/** Per cent of the usual dose: up to the first an amount tells a smaller dose, up to the second it may. */
const SMALL = 40;
const MAYBE_SMALL = 60;

/** Amounts of which the smaller is at most this share of the larger are not of one dose. */
const LESSER = 0.7;

/**
 * A T1 after a smaller dose of the agent is never the T1 after the full one. It is told by its name, or by a
 * small amount for the patient's weight. A T1 of which only the dose is told is doubtful.
 */
export function withDose(one: Recognition, attributes: SeriesAttributes, site?: Site): Recognition {
  const { role, alternatives = [] } = one;
  const unsure = role === 't1' && alternatives.includes('t1ce');
  if (role !== 't1ce' && !unsure) return one;
  const names = namesOf(attributes);
  const found = find(names, LESS);
  if (!found) return role === 't1ce' ? withAmount(one, attributes, site) : one;
  if (unsure && contrastAgentState(attributes, names)?.given === false) return one;
  const evidence = evidenceOf(found.name, found.words);
  return lowDose(
    unsure ? { ...one, confidence: 'low' } : one,
    message('brain-mr/recognition/low-dose', { evidence }),
  );
}

function withAmount(one: Recognition, attributes: SeriesAttributes, site?: Site): Recognition {
  const [injection] = injections(attributes).filter(({ millilitres }) => millilitres > 0);
  const given = injection && doseOfAmount(injection.millilitres, attributes, site);
  if (!given || given.percent > MAYBE_SMALL) return one;
  const amount = { percent: Math.round(given.percent), reason: amountMessage(injection, given) };
  if (given.percent <= SMALL) {
    return lowDose({ ...one, confidence: 'low' }, message('brain-mr/recognition/small-amount', amount));
  }
  const reason = message('brain-mr/recognition/maybe-small', { ...amount, role: roleLabel(LOW_DOSE) });
  return { ...one, maybe: { role: LOW_DOSE, reason } };
}

function lowDose(one: Recognition, reason: Message): Recognition {
  return { ...one, role: LOW_DOSE, alternatives: undefined, reasons: [...one.reasons, reason] };
}

/**
 * Of several series after the agent, one before which less was given than before a later one is after a
 * smaller dose. Where nothing tells it, a person may say so.
 */
export function withLesserDoses(
  all: readonly Recognition[],
  series: readonly Pick<RecognizedSeries, 'attributes'>[],
): Recognition[] {
  const after = all.flatMap(({ role, refused }, n) => (role === 't1ce' && !refused ? [n] : []));
  const known = all.some(({ role }) => role === LOW_DOSE);
  return all.map((one, n) => {
    if (!after.includes(n) || after.length < 2) return one;
    const [own] = injections(series[n].attributes);
    const larger = after.find(other => isLesser(series[n].attributes, series[other].attributes));
    if (larger !== undefined) {
      const [{ millilitres }] = injections(series[larger].attributes);
      const evidence = message('brain-mr/recognition/amounts', { ...own, larger: millilitres });
      return lowDose(one, message('brain-mr/recognition/lesser-of-two', { evidence }));
    }
    if (known || one.maybe) return one;
    const reason = message('brain-mr/recognition/one-of-two', { role: roleLabel(LOW_DOSE) });
    return { ...one, maybe: { role: LOW_DOSE, reason } };
  });
}

/** By the same attribute, and earlier: a second injection may add to the first. */
function isLesser(one: SeriesAttributes, other: SeriesAttributes): boolean {
  const [own, others] = [one, other].map(attributes => injections(attributes)[0]);
  const [time, later] = [one, other].map(({ AcquisitionTime }) => secondsOfDay(AcquisitionTime));
  if (!own || own.told !== others?.told || time === null || later === null) return false;
  return own.millilitres > 0 && own.millilitres <= LESSER * others.millilitres && time < later;
}
