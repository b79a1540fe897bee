import type { SeriesAttributes } from '../dicom/seriesAttributes';
import type { Message, Text } from '../messages';

/** A series as far as its headers tell of a parameter. */
export interface TellingSeries {
  attributes: SeriesAttributes;
  /** For people. */
  description: Text;
}

/** What headers tell of a parameter, by its name. */
export type Tell = (parameter: string) => Told | undefined;

/** What headers tell of a parameter. */
export interface Told {
  /** Absent where they do not tell it, or what they tell cannot be. */
  value?: number;
  /** Whence it is known, or why it is not. */
  text: Message;
  /** Whether a person has to look: it is not told, cannot be, or contradicts itself. */
  doubtful: boolean;
}
