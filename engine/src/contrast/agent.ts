import { type Message, message } from '../messages';
import { find, NAME_OF, type Name, says, terms } from './names';
import type { SeriesAttributes } from './SeriesAttributes';

/** Whether a gadolinium agent was in the patient, with the words for it; null where nothing says. */
export interface AgentState {
  given: boolean;
  words: Message;
  /** Rests on a single letter. */
  weak?: boolean;
}

/** "pre", not "prep", "press" or "presat". */
const PRE = '(?:*t[12])?pre(?!p|ss|sat)*';
const POST = '(?:*t[12])?post(?!op)*(?! op(?= ))';
const WITHOUT = '(?:non?|ohne|vor|sans|avant|sin|senza|sem|utan|ej|zonder|bez|without|wo|w o)';
const AGENT = '(?:contr*|kontr*|gd|gad*|km|c|mdc|inj*)';

/** Said to be before, or without, the agent; stronger than any word for the agent itself. */
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
/** "T1 SAG C": what is left of +C where signs were stripped. */
const LAST_C = /(?<= )c(?= $)/;

/** The name that says before and after in one: a subtraction or a dynamic series. */
export function saysBoth(names: readonly Name[]): Name | undefined {
  return names.find(name => find([name], terms(PRE)) && find([name], terms(POST)));
}

export function agentState(attributes: SeriesAttributes, names: readonly Name[]): AgentState | null {
  const before = find(names, BEFORE);
  if (before) return { given: false, words: says(before.name, said(before.words)) };
  const tag = tagged(attributes);
  if (tag) return tag;
  const after = find(names, AFTER);
  if (after) return { given: true, words: says(after.name, said(after.words)) };
  const letter = find(names.slice(0, 1), LAST_C);
  return letter
    ? {
        given: true,
        words: message('recognition/ends-with-c', { name: NAME_OF[letter.name.of].within }),
        weak: true,
      }
    : null;
}

function tagged(attributes: SeriesAttributes): AgentState | null {
  const agent = attributes.ContrastBolusAgent?.trim() ?? '';
  if (agent === '' || /^(?:no|none|n|n\/a|without|ohne|0)$/i.test(agent)) return null;
  const [start, acquired] = [seconds(attributes.ContrastBolusStartTime), seconds(attributes.AcquisitionTime)];
  if (start !== null && acquired !== null && acquired < start) {
    return { given: false, words: message('recognition/before-bolus', { agent }) };
  }
  return { given: true, words: message('recognition/agent', { agent }) };
}

/** DICOM TM (PS3.5 6.2) as seconds of the day. */
function seconds(time: string | undefined): number | null {
  const found = /^(\d{2})(\d{2})(?:(\d{2}(?:\.\d{1,6})?))?/.exec(time?.trim() ?? '');
  return found ? Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3] ?? 0) : null;
}

function said(words: string): string {
  return words.replace('withoutagent', '-C').replace('withagent', '+C');
}
