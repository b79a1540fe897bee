import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import type { Message } from '../../../messages';
import type { Site } from '../../Domain';
import type { TellingSeries, Told } from '../../Told';
import { message } from '../en';
import { amountMessage, doseOfAmount, type GivenDose, type Injection, injections, shown } from './givenDose';
import { LESS } from './lowDose';
import { evidenceOf, find, namesOf } from './names';

/** Per cent of the full dose that are believed of a smaller one. */
const LEAST = 5;
const MOST = 95;

/** Factors by which two sources of one dose may differ. */
const SAME_DOSE = 1.5;
const SAME_AMOUNT = 1.3;

/**
 * Which dose of the agent a series after a smaller one had, in per cent of the full one: by its name, else by
 * amount, agent and weight. Doubtful where nothing tells it, where it cannot be, and where two contradict.
 */
export function doseOf({ attributes, description }: TellingSeries, site: Site = {}): Told {
  const named = namedDose(attributes);
  const amounts = injections(attributes);
  const [first] = amounts.filter(({ millilitres }) => millilitres > 0);
  const given = first && doseOfAmount(first.millilitres, attributes, site);
  const doubts = [
    ...amounts.filter(({ millilitres }) => millilitres <= 0).map(none),
    ...different(amounts),
    ...(named && !isSmall(named.percent) ? [notSmall(named.percent, named.evidence)] : []),
    ...(given && !isSmall(given.percent) ? [notSmall(given.percent, amountMessage(first, given))] : []),
    ...(named && given && isSmall(given.percent)
      ? contradiction(named, given, amountMessage(first, given))
      : []),
  ];
  const [value] = [named?.percent, given?.percent].filter(p => p !== undefined && isSmall(p));
  const reason = named && isSmall(named.percent) ? named.evidence : given && amountMessage(first, given);
  const [text] = [
    ...doubts,
    value !== undefined && reason
      ? message('brain-mr/dose/told', { percent: Math.round(value), reason })
      : message('brain-mr/dose/untold', { series: description }),
  ];
  const rounded = value === undefined ? undefined : Math.round(value);
  return { value: rounded, text, doubtful: doubts.length > 0 || value === undefined };
}

function isSmall(percent: number): boolean {
  return percent >= LEAST && percent <= MOST;
}

interface NamedDose {
  percent: number;
  evidence: Message;
}

function namedDose(attributes: SeriesAttributes): NamedDose | undefined {
  const found = find(namesOf(attributes), LESS);
  const percent = percentIn(found?.words ?? '');
  return found && percent !== undefined
    ? { percent, evidence: evidenceOf(found.name, found.words) }
    : undefined;
}

function percentIn(words: string): number | undefined {
  const [, part, decimals, percent] =
    /(?<!\d)(?:1 ([2-9])|0 (\d{1,3})|(\d{2}))(?!\d)/.exec(words) ?? ([] as string[]);
  if (part) return 100 / Number(part);
  if (decimals) return 100 * Number(`0.${decimals}`);
  if (percent) return Number(percent);
  if (/half|halb|demi|mezza|meia|media/.test(words)) return 50;
  if (/quart|viertel/.test(words)) return 25;
  return /tenth/.test(words) ? 10 : undefined;
}

function none({ told, millilitres }: Injection): Message {
  return message('brain-mr/dose/none', { told, millilitres: shown(millilitres) });
}

function notSmall(percent: number, reason: Message): Message {
  const params = { percent: shown(percent), least: LEAST, most: MOST, reason };
  return message('brain-mr/dose/not-small', params);
}

/** The amounts of one injection, which saline may have made larger after the first. */
function different(amounts: readonly Injection[]): Message[] {
  const [one, other] = amounts.filter(({ millilitres }) => millilitres > 0);
  if (!other || apart(one.millilitres, other.millilitres) <= SAME_AMOUNT) return [];
  return [
    message('brain-mr/dose/amounts-differ', {
      ...{ told: one.told, millilitres: shown(one.millilitres) },
      ...{ other: other.told, otherMillilitres: shown(other.millilitres) },
    }),
  ];
}

function contradiction(named: NamedDose, given: GivenDose, reason: Message): Message[] {
  if (apart(named.percent, given.percent) <= SAME_DOSE) return [];
  return [
    message('brain-mr/dose/contradiction', {
      ...{ percent: Math.round(named.percent), evidence: named.evidence },
      ...{ other: Math.round(given.percent), reason },
    }),
  ];
}

function apart(a: number, b: number): number {
  return Math.max(a / b, b / a);
}
