import { type en as engine, isMessage, type Message, messages } from '@modality-synthesis/engine';
import type { en } from './en';

/** What the engine, the session and the panel say. */
export type Catalog = typeof engine & typeof en;

/** Makes a message of either catalog. */
export const message = messages<Catalog>();

/** The codes of a message between spaces, for a `data-code` attribute: which message it is, in no language. */
export function codesOf(text: Message): string {
  return 'code' in text ? text.code : text.items.filter(isMessage).map(codesOf).join(' ');
}
