import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import type { Message } from '../../../messages';
import { message } from '../en';
import {
  AFTER_SOMETHING,
  BEFORE_SOMETHING,
  BOTH,
  LAST_C,
  NO_AGENT,
  WITH_AGENT,
  WITHOUT_AGENT,
  WITHOUT_SOMETHING,
} from './agentWords';
import { beforeBolus } from './beforeBolus';
import { evidenceOf, find, NAME_OF, type Name, readable } from './names';

/** Whether a gadolinium agent was given, and the evidence. */
export interface ContrastAgentState {
  given: boolean;
  evidence: Message;
  /** `weak`: a single letter is the only evidence, or names contradict; `doubtful`: the tag contradicts. */
  doubt?: 'weak' | 'doubtful';
}

/** A name with both before and after: a subtraction or a dynamic series. */
export function namesBeforeAndAfter(names: readonly Name[]): Name | undefined {
  return names.find(
    name => find([name], BOTH) || (find([name], BEFORE_SOMETHING) && find([name], AFTER_SOMETHING)),
  );
}

/** Words for none, then ContrastBolusAgent and its time, then words for the agent. */
export function contrastAgentState(
  attributes: SeriesAttributes,
  names: readonly Name[],
): ContrastAgentState | null {
  const without = find(names, WITHOUT_AGENT);
  const others = names.map(name => ({ ...name, line: name.line.replace(WITHOUT_AGENT, '') }));
  const given = find(others, WITH_AGENT);
  const tag = tagged(attributes);
  if (without) {
    const doubt = given ? 'weak' : tag?.given ? 'doubtful' : undefined;
    return { given: false, evidence: evidenceOf(without.name, withSign(without.words)), doubt };
  }
  if (tag && !(given && !tag.given)) return tag;
  if (given) {
    const evidence = evidenceOf(given.name, withSign(given.words));
    const rest = others.map(name => ({ ...name, line: name.line.replace(WITH_AGENT, '') }));
    return { given: true, evidence, doubt: tag || find(rest, WITHOUT_SOMETHING) ? 'weak' : undefined };
  }
  const before = find(others, BEFORE_SOMETHING);
  const something = before ?? find(others, AFTER_SOMETHING);
  if (something) {
    return { given: !before, evidence: evidenceOf(something.name, something.words), doubt: 'weak' };
  }
  const letter = find(names.slice(0, 1), LAST_C);
  if (!letter) return null;
  const name = NAME_OF[letter.name.of].within;
  return { given: true, evidence: message('brain-mr/recognition/ends-with-c', { name }), doubt: 'weak' };
}

function tagged(attributes: SeriesAttributes): ContrastAgentState | null {
  const agent = attributes.ContrastBolusAgent?.trim() ?? '';
  if (!/[\p{L}\p{N}]/u.test(agent)) return null;
  if (NO_AGENT.test(readable(agent))) {
    return { given: false, evidence: message('brain-mr/recognition/no-agent', { agent }) };
  }
  if (beforeBolus(attributes)) {
    return { given: false, evidence: message('brain-mr/recognition/before-bolus', { agent }) };
  }
  return { given: true, evidence: message('brain-mr/recognition/agent', { agent }) };
}

function withSign(words: string): string {
  return words.replace('withoutagent', '-C').replace('withagent', '+C');
}
