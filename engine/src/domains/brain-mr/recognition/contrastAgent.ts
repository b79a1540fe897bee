import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import type { Message } from '../../../messages';
import { message } from '../en';
import { evidenceOf, find, NAME_OF, type Name, terms } from './names';

/** Whether a gadolinium agent was given, and the evidence. */
export interface ContrastAgentState {
  given: boolean;
  evidence: Message;
  /** A single letter is the only evidence. */
  weak?: boolean;
}

/** "pre", not "prep", "press" or "presat". */
const PRE = '(?:*t[12])?pre(?!p|ss|sat)*';
const POST = '(?:*t[12])?post(?!op)*(?! op(?= ))';
const WITHOUT = '(?:non?|ohne|vor|sans|avant|sin|senza|sem|utan|ej|zonder|bez|without|wo|w o)';
const AGENT = '(?:contr*|kontr*|gd|gad*|km|c|mdc|inj*)';

/** Before or without the agent; outranks words for the agent itself. */
const BEFORE = terms(
  ...['withoutagent', PRE, 'unenhanced', 'nativ*', 'plain', 'basale'],
  ...[`${WITHOUT} ${AGENT}`, 'non?contr*'],
);
const AFTER = terms(
  ...['withagent', POST, '*(?:gd|mdc|gad)', '*gado*', 'gad*', 'km', 'ce', 'civ', 'iv', 'contr*', 'kontr*'],
  ...[
    'inj*',
    'apres',
    'dopo',
    'nach',
    'pos',
    't1w?ce',
    't1w?c',
    'dotarem',
    'magnevist',
    'omniscan',
    'prohance',
  ],
  ...['clariscan', 'multihance', 'elucirem', 'vueway', 'primovist'],
);
/** "T1 SAG C": +C after an archive removed the sign. */
const LAST_C = /(?<= )c(?= $)/;

/** A name with both before and after: a subtraction or a dynamic series. */
export function namesBeforeAndAfter(names: readonly Name[]): Name | undefined {
  return names.find(name => find([name], terms(PRE)) && find([name], terms(POST)));
}

export function contrastAgentState(
  attributes: SeriesAttributes,
  names: readonly Name[],
): ContrastAgentState | null {
  const before = find(names, BEFORE);
  if (before) return { given: false, evidence: evidenceOf(before.name, withSign(before.words)) };
  const tag = tagged(attributes);
  if (tag) return tag;
  const after = find(names, AFTER);
  if (after) return { given: true, evidence: evidenceOf(after.name, withSign(after.words)) };
  const letter = find(names.slice(0, 1), LAST_C);
  return letter
    ? {
        given: true,
        evidence: message('brain-mr/recognition/ends-with-c', { name: NAME_OF[letter.name.of].within }),
        weak: true,
      }
    : null;
}

function tagged(attributes: SeriesAttributes): ContrastAgentState | null {
  const agent = attributes.ContrastBolusAgent?.trim() ?? '';
  if (agent === '' || /^(?:no|none|n|n\/a|without|ohne|0)$/i.test(agent)) return null;
  const [start, acquired] = [seconds(attributes.ContrastBolusStartTime), seconds(attributes.AcquisitionTime)];
  if (start !== null && acquired !== null && acquired < start) {
    return { given: false, evidence: message('brain-mr/recognition/before-bolus', { agent }) };
  }
  return { given: true, evidence: message('brain-mr/recognition/agent', { agent }) };
}

/** DICOM TM (PS3.5 6.2) as seconds of the day. */
function seconds(time: string | undefined): number | null {
  const found = /^(\d{2})(\d{2})(?:(\d{2}(?:\.\d{1,6})?))?/.exec(time?.trim() ?? '');
  return found ? Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3] ?? 0) : null;
}

function withSign(words: string): string {
  return words.replace('withoutagent', '-C').replace('withagent', '+C');
}
