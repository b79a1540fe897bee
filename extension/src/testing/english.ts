import { en as engine, render, type Text, textsOf } from '@modality-synthesis/engine';
import { read as readAs } from '@modality-synthesis/engine/testing/read';
import { en } from '../i18n/en';

const catalog: Readonly<Record<string, string>> = { ...engine, ...textsOf('en'), ...en };

/** A text of the engine or of the session in English. */
export function english(text: Text): string {
  return render(text, {
    template: (code, count) => catalog[code] ?? catalog[`${code}_${count === 1 ? 'one' : 'other'}`],
    number: (value, digits) => (digits === undefined ? String(value) : value.toFixed(digits)),
  });
}

/** Data as a person reads it: every message in English. */
export const read = <T>(value: T) => readAs(value, english);
