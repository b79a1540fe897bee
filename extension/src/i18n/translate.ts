import {
  type CodeOf,
  en as engineEnglish,
  de as engineGerman,
  type Language,
  type Param,
  type ParamsOf,
  render,
  textsOf,
} from '@modality-synthesis/engine';
import i18n from '@ohif/i18n';
import { useSyncExternalStore } from 'react';
import bundleTexts from './bundleTexts.json';
import { de } from './de';
import { en } from './en';
import { type Catalog, message } from './message';

const NAMESPACE = 'ModalitySynthesis';
const ENGLISH = 'en-US';

const CATALOGS = {
  [ENGLISH]: { ...engineEnglish, ...textsOf('en'), ...en },
  de: { ...engineGerman, ...textsOf('de'), ...de },
};

/** Gives OHIF's i18n our texts; once a page, before anything of ours is drawn. */
export function addTranslations(): void {
  for (const [language, catalog] of Object.entries(CATALOGS))
    i18n.addResourceBundle(language, NAMESPACE, withOlderPlurals(catalog));
}

/**
 * i18next before version 21 looks for the plural forms "x" and "x_plural", later versions for "x_one" and "x_other".
 * The viewer brings its own i18next, so that a catalog has both.
 */
function withOlderPlurals(catalog: Readonly<Record<string, string>>): Record<string, string> {
  const older = Object.entries(catalog).map(([code, text]) => [
    code.replace(/_one$/, '').replace(/_other$/, '_plural'),
    text,
  ]);
  return { ...catalog, ...Object.fromEntries(older) };
}

/** The text of a code in the viewer's language. */
export function t<Code extends CodeOf<Catalog>>(code: Code, ...params: ParamsOf<Catalog, Code>): string {
  return translate(message(code, ...params));
}

/** A message of ours, whoever made it, in the viewer's language. A string stays as it is. */
export function translate(text: Param): string {
  return render(text, VIEWER_LANGUAGE);
}

const VIEWER_LANGUAGE: Language = {
  // The parameters are filled in by `render`: i18next would read "{{" and "$t(" in a SeriesDescription as its own.
  template: (code, count) =>
    i18n.t(`${NAMESPACE}:${code}`, { count, lng: language(), skipInterpolation: true }),
  number: (value, digits) =>
    value.toLocaleString(language(), {
      useGrouping: false,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits ?? 10,
    }),
};

/** What the shipped model says of itself, by language and by the English of its bundle.json. */
const translations: Readonly<Record<string, Readonly<Record<string, string>>>> = bundleTexts;

/** A text out of a bundle's description, translated where it is one that we know. */
export function translateBundleText(text: string): string {
  return translations[language()]?.[text] ?? text;
}

/** Draws the calling component, and with it what it contains, again when the viewer's language changes. */
export function useLanguage(): string {
  return useSyncExternalStore(subscribe, () => i18n.language);
}

/** The first of the viewer's languages that has our texts. */
function language(): string {
  return i18n.languages.find(l => i18n.hasResourceBundle(l, NAMESPACE)) ?? ENGLISH;
}

function subscribe(changed: () => void): () => void {
  i18n.on('languageChanged', changed);
  return () => i18n.off('languageChanged', changed);
}
