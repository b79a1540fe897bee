import { textsOf } from '../texts';
import { isMessage, type Text } from './Message';
import { type Language, render } from './render';

const catalog = textsOf('en');

const ENGLISH: Language = {
  template: (code, count) => catalog[code] ?? catalog[`${code}_${count === 1 ? 'one' : 'other'}`],
  number: (value, digits) => (digits === undefined ? String(value) : value.toFixed(digits)),
};

/** A text of the engine in English, for the command line. */
export function english(text: Text): string {
  return render(text, ENGLISH);
}

/** For JSON.stringify: every message as its English. */
export function inEnglish(_key: string, value: unknown): unknown {
  return isMessage(value) ? english(value) : value;
}
