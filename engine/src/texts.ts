import { DOMAINS } from './domains';
import { en } from './messages';
import de from './messages/de.json';
import { METHODS } from './methods';

const CATALOGS = { en, de: de satisfies Record<keyof typeof en, string> };

/** What the engine, its methods and its domains say in a language, by code. */
export function textsOf(language: 'en' | 'de'): Record<string, string> {
  const own = [...METHODS, ...DOMAINS].map(({ catalogs }) => catalogs?.[language]);
  return Object.assign({}, CATALOGS[language], ...own);
}
