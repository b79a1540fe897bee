import { beforeBolus } from '../dicom/beforeBolus';
import type { Domain } from '../domains/Domain';
import type { Recognition } from '../domains/Recognition';
import type { RoleId } from '../domains/Role';
import { message } from '../messages';
import { byNumber } from './choose';
import type { StudySeries } from './StudySeries';

/** The user's choices by series id; null means "do not use". */
export type Choices = ReadonlyMap<string, RoleId | null>;

/** A series with its recognized role and the user's choice. */
export interface Assignment<S extends StudySeries> {
  series: S;
  recognition: Recognition;
  choice: RoleId | null | undefined;
}

export function assignRoles<S extends StudySeries>(
  series: readonly S[],
  choices: Choices,
  recognize: Domain['recognize'],
): Assignment<S>[] {
  const recognitions = recognizeAll(series, recognize);
  return withoutReformats(
    series.map((s, n) => ({ series: s, recognition: recognitions[n], choice: choices.get(s.id) })),
  );
}

/**
 * Recognizes each series. Some sites enter ContrastBolusAgent with the patient, so it proves nothing where
 * all series have it, and little where it alone leaves a study without images from before the agent.
 */
function recognizeAll(series: readonly StudySeries[], recognize: Domain['recognize']): Recognition[] {
  const all = series.map(({ attributes }) => recognize(attributes));
  const others = series.map(s => recognize({ ...s.attributes, ContrastBolusAgent: undefined }));
  const proven = new Set(others.map(({ role }) => role));
  const found = new Set(all.map(({ role }) => role));
  const everywhere = agentIsEverywhere(series);
  return all.map((one, n) => {
    const other = others[n];
    if (one.role === null || other.role === null || one.role === other.role) return one;
    const leavesNone = proven.has(one.role) && !found.has(other.role);
    if (!everywhere && !leavesNone) return one;
    const agent = series[n].attributes.ContrastBolusAgent ?? '';
    const reason = message('recognition/agent-alone', { agent });
    if (everywhere && leavesNone) return { ...other, reasons: [...other.reasons, reason] };
    return { ...one, confidence: 'low', alternatives: [other.role], reasons: [...one.reasons, reason] };
  });
}

/** Whether several series, all of the study, have the same ContrastBolusAgent, and none began before it. */
function agentIsEverywhere(series: readonly StudySeries[]): boolean {
  const agents = new Set(series.map(s => s.attributes.ContrastBolusAgent?.trim() ?? ''));
  const several = new Set(series.map(s => s.SeriesInstanceUID)).size > 1;
  return several && agents.size === 1 && !agents.has('') && !series.some(s => beforeBolus(s.attributes));
}

/** Refuses a reformat if its possible original is proposed. */
function withoutReformats<S extends StudySeries>(assignments: readonly Assignment<S>[]): Assignment<S>[] {
  return assignments.map(one => {
    const { role, reformat, refused } = one.recognition;
    if (!reformat || refused || !role) return one;
    const original = assignments
      .filter(other => !other.recognition.reformat && proposedRole(other) === role)
      .map(other => other.series)
      .sort(byNumber)[0];
    const { reasons } = one.recognition;
    const recognition: Recognition = original
      ? {
          ...one.recognition,
          refused: message('exclusion/reformat', { evidence: reformat, original: original.description }),
        }
      : {
          ...one.recognition,
          reasons: [...reasons, message('recognition/reformat-alone', { evidence: reformat })],
        };
    return { ...one, recognition };
  });
}

/** The role of a series: the user's choice, otherwise the proposal. */
export function proposedRole<S extends StudySeries>({ recognition, choice }: Assignment<S>): RoleId | null {
  if (recognition.refused) return null;
  return choice === undefined ? recognition.role : choice;
}
