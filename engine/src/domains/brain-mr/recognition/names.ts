import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import type { Message } from '../../../messages';
import { message } from '../en';

type NameOf = 'description' | 'protocol';

/** Labels of the names, within a sentence and at its beginning. */
export const NAME_OF: Readonly<Record<NameOf, { within: Message; first: Message }>> = {
  description: {
    within: message('brain-mr/name/description'),
    first: message('brain-mr/name/description-first'),
  },
  protocol: { within: message('brain-mr/name/protocol'), first: message('brain-mr/name/protocol-first') },
};

/** "the description says “flair”" */
export function evidenceOf({ of }: Pick<Name, 'of'>, words: string): Message {
  return message('brain-mr/recognition/says', { name: NAME_OF[of].within, words });
}

/** A normalized name of a series. */
export interface Name {
  of: NameOf;
  /** Lower case, without accents, words between single spaces, one at each end. */
  line: string;
}

/** Names from SeriesDescription, then ProtocolName; empty ones are omitted. */
export function namesOf({ SeriesDescription, ProtocolName }: SeriesAttributes): Name[] {
  const names = [
    { of: 'description' as const, line: readable(SeriesDescription ?? '') },
    { of: 'protocol' as const, line: readable(ProtocolName ?? '') },
  ];
  return names.filter(name => name.line.trim() !== '');
}

/**
 * Removes case, accents and punctuation. The star of T2* and the signs of +C, Gd- and the like become words.
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

/** First match of a pattern in the names. */
export function find(names: readonly Name[], pattern: RegExp): { name: Name; words: string } | null {
  for (const name of names) {
    const found = pattern.exec(name.line);
    if (found) return { name, words: found[0].trim() };
  }
  return null;
}

/**
 * Pattern that matches whole words; `*` stands for the rest of a word. Terms may use regular expressions.
 */
export function terms(...list: readonly string[]): RegExp {
  return new RegExp(`(?<= )(?:${list.map(term => term.replaceAll('*', '\\S*')).join('|')})(?= )`);
}
