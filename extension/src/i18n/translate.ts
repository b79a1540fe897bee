import i18n from '@ohif/i18n';
import { useSyncExternalStore } from 'react';
import { de } from './de';

const NAMESPACE = 'ModalitySynthesis';

/** A text of ours, which every language has. English is its own key. */
export type Text = keyof typeof de;

/** Gives OHIF's i18n our texts; once a page, before anything of ours is drawn. */
export function addTranslations(): void {
  i18n.addResourceBundle('en-US', NAMESPACE, Object.fromEntries(Object.keys(de).map(text => [text, text])));
  i18n.addResourceBundle('de', NAMESPACE, de);
}

/** A text in the viewer's language, `{{...}}` filled in. */
export function t(text: Text, values: Record<string, string | number> = {}): string {
  // Texts have colons, which would part a namespace from its key; this separator is in none. (`false` counts as unset.)
  return i18n.t(text, { ns: NAMESPACE, nsSeparator: '\u0000', ...values });
}

/** A sentence that the engine made: in the viewer's language where it is one of ours, else as it is. */
export function tell(sentence: string): string {
  return sentence in de ? t(sentence as Text) : sentence;
}

/** Draws the calling component, and with it what it contains, again when the viewer's language changes. */
export function useLanguage(): string {
  return useSyncExternalStore(subscribe, () => i18n.language);
}

function subscribe(changed: () => void): () => void {
  i18n.on('languageChanged', changed);
  return () => i18n.off('languageChanged', changed);
}
