import {
  type CodeOf,
  type Language,
  type Param,
  type ParamsOf,
  render,
  type Text,
  textsOf,
} from '@modality-synthesis/engine';
import i18n from '@ohif/i18n';
import { useSyncExternalStore } from 'react';
import bundleTexts from './bundleTexts.json';
import de from './de.json';
import { en } from './en';
import { type Catalog, message } from './message';

const NAMESPACE = 'ModalitySynthesis';
const ENGLISH = 'en-US';

const CATALOGS = {
  [ENGLISH]: { ...textsOf('en'), ...en },
  de: { ...textsOf('de'), ...(de satisfies Record<keyof typeof en, string>) },
};

/** Adds our texts to OHIF's i18next; once per page, before anything of ours renders. */
export function addTranslations(): void {
  for (const [language, catalog] of Object.entries(CATALOGS))
    i18n.addResourceBundle(language, NAMESPACE, withOlderPlurals(catalog));
}

/**
 * i18next before version 21 has the plural forms "x" and "x_plural", later versions "x_one" and "x_other". A
 * catalog has both, because the version is the viewer's.
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

/** A message in the viewer's language. A string stays as it is. */
export function translate(text: Param): string {
  return render(text, VIEWER_LANGUAGE);
}

const VIEWER_LANGUAGE: Language = {
  // `render` fills in the parameters: i18next would interpret "{{" and "$t(" in a SeriesDescription.
  template: (code, count) =>
    i18n.t(`${NAMESPACE}:${code}`, { count, lng: language(), skipInterpolation: true }),
  number: (value, digits) => numberFormat(language(), digits).format(value),
};

/** A day in the viewer's language. */
export function day(date: Date): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium' }).format(date);
}

/** By language and digits: a format takes far longer to make than to use. */
const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(language: string, digits: number | undefined): Intl.NumberFormat {
  const key = `${language} ${digits}`;
  const known = numberFormats.get(key);
  if (known) return known;
  const format = new Intl.NumberFormat(language, {
    useGrouping: false,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits ?? 10,
  });
  numberFormats.set(key, format);
  return format;
}

/** Translations of the shipped bundles' texts, by language and by the English text in bundle.json. */
const translations: Readonly<Record<string, Readonly<Record<string, string>>>> = bundleTexts;

/** A message, or a text of a bundle, in the viewer's language. */
export function translateWithBundle(text: Text): string {
  return typeof text === 'string' ? translateBundleText(text) : translate(text);
}

/** A text of a bundle's manifest, translated where we have a translation. */
export function translateBundleText(text: string): string {
  return translations[language()]?.[text] ?? text;
}

/** Renders the calling component and its children again when the viewer's language changes. */
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
