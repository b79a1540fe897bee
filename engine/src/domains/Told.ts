import type { Message } from '../messages';

/** What headers tell of a parameter. */
export interface Told {
  /** Absent where they do not tell it, or what they tell cannot be. */
  value?: number;
  /** Whence it is known, or why it is not. */
  text: Message;
  /** Whether a person has to look: it is not told, cannot be, or contradicts itself. */
  doubtful: boolean;
}
