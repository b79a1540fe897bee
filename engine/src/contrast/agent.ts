import { find, type Name } from './names';
import type { SeriesAttributes } from './SeriesAttributes';

/** Whether a gadolinium agent was in the patient, with the words for it; null where nothing says. */
export interface AgentState {
  given: boolean;
  words: string;
  /** Rests on a single letter. */
  weak?: boolean;
}

/** Said to be before, or without, the agent; stronger than any word for the agent itself. */
const BEFORE =
  /(?<= )(?:withoutagent|(?:\S*t[12])?pre(?!p|ss|sat)\S*|unenhanced|nativ\S*|plain|basale|(?:non?|ohne|vor|sans|avant|sin|senza|sem|utan|ej|zonder|bez|without|wo|w o) (?:contr\S*|kontr\S*|gd|gad\S*|km|c|mdc|inj\S*)|non?contr\S*)(?= )/;
const AFTER =
  /(?<= )(?:withagent|(?:\S*t[12])?post(?!op)\S*(?! op(?= ))|\S*(?:gd|mdc|gad)|\S*gado\S*|gad\S*|km|ce|civ|iv|contr\S*|kontr\S*|inj\S*|apres|dopo|nach|pos|dotarem|magnevist|omniscan|prohance|clariscan|multihance|elucirem|vueway|primovist|t1w?ce|t1w?c)(?= )/;
/** "T1 SAG C": what is left of +C where signs were stripped. */
const LAST_C = /(?<= )c(?= $)/;

/** Before and after in one name: a subtraction or a dynamic series. */
export function saysBoth(names: readonly Name[]): string | null {
  const both = names.find(({ line }) => / (?:\S*t[12])?pre/.test(line) && / (?:\S*t[12])?post/.test(line));
  return both ? `${both.of} says both “pre” and “post”` : null;
}

export function agentState(attributes: SeriesAttributes, names: readonly Name[]): AgentState | null {
  const before = find(names, BEFORE);
  if (before) return { given: false, words: `${before.name.of} says “${said(before.words)}”` };
  const tag = tagged(attributes);
  if (tag) return tag;
  const after = find(names, AFTER);
  if (after) return { given: true, words: `${after.name.of} says “${said(after.words)}”` };
  const letter = find(names.slice(0, 1), LAST_C);
  return letter ? { given: true, words: `${letter.name.of} ends with “C”`, weak: true } : null;
}

function tagged(attributes: SeriesAttributes): AgentState | null {
  const agent = attributes.ContrastBolusAgent?.trim() ?? '';
  if (agent === '' || /^(?:no|none|n|n\/a|without|ohne|0)$/i.test(agent)) return null;
  const [start, acquired] = [seconds(attributes.ContrastBolusStartTime), seconds(attributes.AcquisitionTime)];
  if (start !== null && acquired !== null && acquired < start) {
    return { given: false, words: `the acquisition began before ContrastBolusStartTime (${agent})` };
  }
  return { given: true, words: `ContrastBolusAgent is “${agent}”` };
}

/** DICOM TM (PS3.5 6.2) as seconds of the day. */
function seconds(time: string | undefined): number | null {
  const found = /^(\d{2})(\d{2})(?:(\d{2}(?:\.\d{1,6})?))?/.exec(time?.trim() ?? '');
  return found ? Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3] ?? 0) : null;
}

function said(words: string): string {
  return words.replace('withoutagent', 'without agent').replace('withagent', '+C');
}
