import {
  decimal,
  list,
  type Message,
  type OfLesions,
  type Param,
  roleLabel,
} from '@modality-synthesis/engine';
import { message } from '../../i18n/message';
import { digitsOf } from '../../session/errorScale';
import type { SeriesValues } from './seriesValues';

/** Below it nobody is told of a lesion. */
const WORTH_TELLING = 0.1;

/**
 * What is under the cursor: acquired, predicted, expected error, and how probable a lesion is.
 * @param error expected error, per cent; 0 or NaN where the map has no estimate
 * @param upper upper end of the colour scale, per cent
 * @param lesions probabilities, where the model tells them
 */
export function readoutText(
  { acquired, predicted }: SeriesValues,
  error: number,
  upper: number,
  lesions?: OfLesions<number>,
): Message {
  const parts: Param[] = [];
  if (acquired)
    parts.push(
      message('error-map/acquired', { role: roleLabel(acquired.role), value: rounded(acquired.value) }),
    );
  if (predicted !== undefined) parts.push(message('error-map/predicted', { value: rounded(predicted) }));
  parts.push(
    error > 0
      ? message('error-map/expected', { value: decimal(error, digitsOf(upper)) })
      : message('error-map/no-estimate'),
  );
  if (lesions && lesions.any >= WORTH_TELLING) {
    parts.push(message('error-map/lesion', { percent: percent(lesions.any) }));
    if (lesions.enhancing !== undefined)
      parts.push(message('error-map/enhancing', { percent: percent(lesions.enhancing) }));
  }
  return list(parts, ' · ');
}

function percent(probability: number): Param {
  return decimal(100 * probability, 0);
}

/** Three significant digits are enough to read; whole numbers stay whole. */
function rounded(value: number): Param {
  return decimal(value, Math.abs(value) < 10 && !Number.isInteger(value) ? 2 : 0);
}
