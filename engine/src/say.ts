/** A number with so many digits behind its decimal mark. */
export interface Decimal {
  number: number;
  digits: number;
}

/** What stands in a place of a sentence. A string is the same in every language: a description out of DICOM, a file. */
export type Value = string | number | Decimal | Sentence;

/**
 * A text of ours: English with places, "{{0}} was moved onto {{1}}.", and what stands in them. Plain data, so that it
 * survives a worker's border and JSON; the English with its places is the key by which translations are found.
 */
export interface Sentence {
  text: string;
  values: readonly Value[];
}

/** A sentence, or a name that is the same in every language. */
export type Text = string | Sentence;

/** Tag of a template that is a sentence: say`${source} was moved onto ${reference}.` */
export function say(strings: TemplateStringsArray, ...values: Value[]): Sentence {
  return { text: strings.reduce((text, next, n) => `${text}{{${n - 1}}}${next}`), values };
}

/** Several texts one after another, as they are. */
export function joined(parts: readonly Value[], between = ' '): Sentence {
  return { text: parts.map((_, n) => `{{${n}}}`).join(between), values: parts };
}

export function fixed(number: number, digits: number): Decimal {
  return { number, digits };
}

/** A sentence in English, for logs, files and the command line. */
export function english(value: Value): string {
  if (typeof value !== 'object') return String(value);
  return 'text' in value ? fill(value.text, value.values, english) : value.number.toFixed(value.digits);
}

/** For JSON.stringify: every sentence as its English. */
export function inEnglish(_key: string, value: unknown): unknown {
  return isSentence(value) ? english(value) : value;
}

export function isSentence(value: unknown): value is Sentence {
  return typeof value === 'object' && value !== null && 'text' in value && 'values' in value;
}

/** Puts values into the places of a template, whatever its language. */
export function fill(template: string, values: readonly Value[], write: (value: Value) => string): string {
  return template.replace(/\{\{(\d+)\}\}/g, (_, place) => write(values[Number(place)]));
}
