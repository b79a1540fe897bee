import { decimal, list, type Message, type Param, roleLabel } from '@modality-synthesis/engine';
import { message } from '../../i18n/message';
import { digitsOf } from '../../session/errorScale';
import type { SeriesValues } from './seriesValues';

/**
 * What is under the cursor: acquired, predicted, expected error.
 * @param error expected error, per cent; 0 or NaN where the map has no estimate
 * @param upper upper end of the colour scale, per cent
 */
export function readoutText({ acquired, predicted }: SeriesValues, error: number, upper: number): Message {
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
  return list(parts, ' · ');
}

/** Three significant digits are enough to read; whole numbers stay whole. */
function rounded(value: number): Param {
  return decimal(value, Math.abs(value) < 10 && !Number.isInteger(value) ? 2 : 0);
}
