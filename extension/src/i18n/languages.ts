import { de } from './de';

/** Our texts in every language but English, by the English; "{{0}}", "{{1}}" ... are the same places in both. */
export const languages: Readonly<Record<string, Readonly<Record<string, string>>>> = { de };
