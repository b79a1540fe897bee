import { type en as engine, isMessage, type Message, messages } from '@modality-synthesis/engine';
import type { en } from './en';

/** Messages of the engine, the session and the panel. */
export type Catalog = typeof engine & typeof en;

/** Creates a message of either catalog. */
export const message = messages<Catalog>();

/** The codes of a message, separated by spaces, for a `data-code` attribute. */
export function codesOf(text: Message): string {
  return 'code' in text ? text.code : text.items.filter(isMessage).map(codesOf).join(' ');
}
