import { fill, say, type Value } from '@modality-synthesis/engine';
import i18n from '@ohif/i18n';
import { useSyncExternalStore } from 'react';
import { languages } from './languages';

const NAMESPACE = 'ModalitySynthesis';
const ENGLISH = 'en-US';

/** Gives OHIF's i18n our texts; once a page, before anything of ours is drawn. */
export function addTranslations(): void {
  i18n.addResourceBundle(ENGLISH, NAMESPACE, {});
  for (const [language, texts] of Object.entries(languages))
    i18n.addResourceBundle(language, NAMESPACE, texts);
}

/** A text in the viewer's language; tag of a template: t`Show ${name}` */
export function t(strings: TemplateStringsArray, ...values: Value[]): string {
  return tell(say(strings, ...values));
}

/**
 * A sentence of ours, whoever made it, in the viewer's language: in English where that has no such sentence. Numbers get the
 * language's decimal mark. A string is told as it is.
 */
export function tell(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return written(value, {});
  if ('text' in value) return fill(translation(value.text), value.values, tell);
  const { number, digits } = value;
  return written(number, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A text out of a bundle's description, which is translated where it is one that we know. */
export function ownWords(text: string): string {
  return translation(text);
}

/** Draws the calling component, and with it what it contains, again when the viewer's language changes. */
export function useLanguage(): string {
  return useSyncExternalStore(subscribe, () => i18n.language);
}

/** The first of the viewer's languages that has our texts. */
function language(): string {
  return i18n.languages.find(l => i18n.hasResourceBundle(l, NAMESPACE)) ?? ENGLISH;
}

function translation(text: string): string {
  // Texts have colons and full stops, which would part a namespace from its key, and the key; this separator is in none.
  // (`false` counts as unset.) The places are filled in by `tell`.
  const separator = '\u0000';
  const options = { ns: NAMESPACE, nsSeparator: separator, keySeparator: separator, skipInterpolation: true };
  return i18n.t(text, { ...options, lng: language() });
}

function written(number: number, digits: Intl.NumberFormatOptions): string {
  return number.toLocaleString(language(), { useGrouping: false, maximumFractionDigits: 10, ...digits });
}

function subscribe(changed: () => void): () => void {
  i18n.on('languageChanged', changed);
  return () => i18n.off('languageChanged', changed);
}
