import type { Contrast } from '../contrast/Contrast';
import { type Recognition, recognize } from '../contrast/recognize';
import { message } from '../messages';
import { byNumber } from './choose';
import type { StudySeries } from './StudySeries';

/** What the person changed, by the id of the series; null means "do not use". */
export type Choices = ReadonlyMap<string, Contrast | null>;

/** A series with what it was recognized as and what the person made of it. */
export interface Judged<S extends StudySeries> {
  series: S;
  recognition: Recognition;
  choice: Contrast | null | undefined;
}

export function judge<S extends StudySeries>(series: readonly S[], choices: Choices): Judged<S>[] {
  return withoutReformats(
    series.map(s => ({
      series: s,
      recognition: recognize(s.attributes),
      choice: choices.get(s.id),
    })),
  );
}

/** A reformat is refused where a series it may have been made from is proposed. */
function withoutReformats<S extends StudySeries>(judged: readonly Judged<S>[]): Judged<S>[] {
  return judged.map(one => {
    const { contrast, reformat, refused } = one.recognition;
    if (!reformat || refused || !contrast) return one;
    const original = judged
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

/** What a series would be used as: the person's choice or else the proposal. */
export function proposedContrast<S extends StudySeries>({ recognition, choice }: Judged<S>): Contrast | null {
  if (recognition.refused) return null;
  return choice === undefined ? recognition.contrast : choice;
}
