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

/** What a sign of plus or minus may stand before. */
const AGENT = '(?:ce?|gd|gad[a-z]*|km?|kl|iv|mdc|[ck]ontrast[a-z]*|контраст[а-я]*|к ?[ув])';
const SIGNED = `${AGENT}(?![\\p{L}\\p{N}])`;
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/(t2|flair)\s*\*/g, ' $1star '],
  // GE puts the component before the name of a Dixon series.
  [/^\W*(fat|water)\W*[:)]/g, ' $1image '],
  [new RegExp(`(?:\\+\\s*[/&]?\\s*-|-\\s*/\\s*\\+|±)\\s*${SIGNED}`, 'gu'), ' withorwithout '],
  [new RegExp(`\\+\\s*${SIGNED}`, 'gu'), ' withagent '],
  [new RegExp(`(?<![\\p{L}\\p{N}])${AGENT}\\s*\\(\\s*\\+\\s*\\)`, 'gu'), ' withagent '],
  [new RegExp(`(?<![\\p{L}\\p{N}])${AGENT}\\s*\\(\\s*-\\s*\\)`, 'gu'), ' withoutagent '],
  [new RegExp(`(?<![\\p{L}\\p{N}])${AGENT}\\+`, 'gu'), ' withagent '],
  [new RegExp(`(?<![\\p{L}\\p{N}])${AGENT}-(?![\\p{L}\\p{N}])`, 'gu'), ' withoutagent '],
  [new RegExp(`(?<=[\\s_]|^)-${SIGNED}`, 'gu'), ' withoutagent '],
  // Spanish and Portuguese con or com, sin or sem.
  [/(?<![a-z0-9])c\/c(?![a-z0-9])/g, ' withagent '],
  [/(?<![a-z0-9])s\/c(?![a-z0-9])/g, ' withoutagent '],
];
/** Letters without a decomposition. */
const LETTERS: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', ı: 'i', æ: 'ae', ß: 'ss', đ: 'd' };

/**
 * Removes case, accents and punctuation. The star of T2* and the signs of +C, Gd- and the like become words;
 * a run of Chinese, Japanese or Korean is a word.
 */
export function readable(text: string): string {
  const letters = text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .replace(/[øłıæßđ]/g, letter => LETTERS[letter]);
  const plain = SIGNS.reduce((line, [sign, word]) => line.replace(sign, word), letters)
    .replace(/[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}]+/gu, ' $& ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
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
