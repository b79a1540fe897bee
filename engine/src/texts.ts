import { DOMAINS } from './domains';
import { de, en } from './messages';
import { METHODS } from './methods';

/** What the engine, its methods and its domains say in a language, by code. */
export function textsOf(language: 'en' | 'de'): Record<string, string> {
  const own = [...METHODS, ...DOMAINS].map(({ catalogs }) => catalogs?.[language]);
  return Object.assign({}, { en, de }[language], ...own);
}
