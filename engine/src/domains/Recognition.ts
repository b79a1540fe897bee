import type { SeriesAttributes } from '../dicom/seriesAttributes';
import { type Message, message } from '../messages';
import type { RoleId } from './Role';

/**
 * `high` if independent evidence agrees, `low` if it disagrees or is weak. docs/recognition.md has the
 * measured accuracy of each.
 */
export type Confidence = 'high' | 'medium' | 'low';

/** For people. */
export const CONFIDENCE_LABELS: Readonly<Record<Confidence, Message>> = {
  high: message('confidence/high'),
  medium: message('confidence/medium'),
  low: message('confidence/low'),
};

/** What recognition reads of a series. */
export interface RecognizedSeries {
  SeriesInstanceUID: string;
  attributes: SeriesAttributes;
}

/** A role with its reasons, or a refusal with its reason. */
export interface Recognition {
  role: RoleId | null;
  /** Null without a role. */
  confidence: Confidence | null;
  /** Plain sentences. */
  reasons: Message[];
  /** Other roles that it may have: the evidence is missing or contradicts itself. */
  alternatives?: readonly RoleId[];
  /** A role that a person may choose for it, and why; only of models that take the role. */
  maybe?: { role: RoleId; reason: Message };
  /** Why the series must not be a source, even if the user chooses it. */
  refused?: Message;
  /** Why another image of the same acquisition is better, as a clause. */
  lesser?: Message;
  /** Evidence that it is a reformat: no source if the study has the original. */
  reformat?: Message;
}
