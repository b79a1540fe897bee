import type { Domain } from '../domains/Domain';
import type { Recognition } from '../domains/Recognition';
import type { Contrast } from '../domains/Role';
import { message } from '../messages';
import { byNumber } from './choose';
import type { StudySeries } from './StudySeries';

/** The user's choices by series id; null means "do not use". */
export type Choices = ReadonlyMap<string, Contrast | null>;

/** A series with its recognized contrast and the user's choice. */
export interface Assignment<S extends StudySeries> {
  series: S;
  recognition: Recognition;
  choice: Contrast | null | undefined;
}

export function assignContrasts<S extends StudySeries>(
  series: readonly S[],
  choices: Choices,
  recognize: Domain['recognize'],
): Assignment<S>[] {
  return withoutReformats(
    series.map(s => ({ series: s, recognition: recognize(s.attributes), choice: choices.get(s.id) })),
  );
}

/** Refuses a reformat if its possible original is proposed. */
function withoutReformats<S extends StudySeries>(assignments: readonly Assignment<S>[]): Assignment<S>[] {
  return assignments.map(one => {
    const { contrast, reformat, refused } = one.recognition;
    if (!reformat || refused || !contrast) return one;
    const original = assignments
      .filter(other => !other.recognition.reformat && proposedContrast(other) === contrast)
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

/** The contrast of a series: the user's choice, otherwise the proposal. */
export function proposedContrast<S extends StudySeries>({
  recognition,
  choice,
}: Assignment<S>): Contrast | null {
  if (recognition.refused) return null;
  return choice === undefined ? recognition.contrast : choice;
}
