import { type Message, message } from '../messages';
import type { SeriesAttributes } from './SeriesAttributes';

type NameOf = 'description' | 'protocol';

/** What reasons call the names, within a text and at its beginning. */
export const NAME_OF: Readonly<Record<NameOf, { within: Message; first: Message }>> = {
  description: { within: message('name/description'), first: message('name/description-first') },
  protocol: { within: message('name/protocol'), first: message('name/protocol-first') },
};

/** "the description says “flair”" */
export function says({ of }: Pick<Name, 'of'>, words: string): Message {
  return message('recognition/says', { name: NAME_OF[of].within, words });
}

/** A name of a series as the rules read it. */
export interface Name {
  of: NameOf;
  /** Lower case, without accents, words between single spaces, one at each end. */
  line: string;
}

/** What the site calls the series, then what it calls the protocol. Vendors' own codes are read apart. */
export function namesOf({ SeriesDescription, ProtocolName }: SeriesAttributes): Name[] {
  const names = [
    { of: 'description' as const, line: readable(SeriesDescription ?? '') },
    { of: 'protocol' as const, line: readable(ProtocolName ?? '') },
  ];
  return names.filter(name => name.line.trim() !== '');
}

/**
 * Case, accents and whatever stands between words carry nothing; a star behind T2 and the signs beside C, Gd and KM do,
 * and become words.
 */
export function readable(text: string): string {
  const plain = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/t2\s*\*/g, ' t2star ')
    .replace(/\+\s*(c|ce|gd|gad[a-z]*|k|km|mdc|contrast[a-z]*)(?![a-z0-9])/g, ' withagent ')
    .replace(/(?<![a-z0-9])(c|gd|km)\+/g, ' withagent ')
    .replace(/(?<![a-z0-9])(c|gd|km)-(?![a-z0-9])/g, ' withoutagent ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
  return ` ${plain} `;
}

/** The first words a pattern finds in the names in turn, with whose name it is. */
export function find(names: readonly Name[], pattern: RegExp): { name: Name; words: string } | null {
  for (const name of names) {
    const found = pattern.exec(name.line);
    if (found) return { name, words: found[0].trim() };
  }
  return null;
}

/**
 * A pattern for terms as a line holds them: whole words, `*` for any rest of a word. Terms may hold what regular
 * expressions know beside that.
 */
export function terms(...list: readonly string[]): RegExp {
  return new RegExp(`(?<= )(?:${list.map(term => term.replaceAll('*', '\\S*')).join('|')})(?= )`);
}
