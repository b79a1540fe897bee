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
  const recognitions = recognize(series);
  return withoutReformats(
    series.map((s, n) => ({ series: s, recognition: recognitions[n], choice: choices.get(s.id) })),
  );
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
