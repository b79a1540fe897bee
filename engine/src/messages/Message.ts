/** A number with so many digits behind its decimal mark. */
export interface Decimal {
  number: number;
  digits: number;
}

/** The value of a parameter. A string is the same in every language: a description out of DICOM, a file. */
export type Param = string | number | Decimal | Message;

/** A code of the catalogs (`en.ts`, `de.json`) and the parameters of its text. */
export interface CodedMessage {
  code: string;
  params: Readonly<Record<string, Param>>;
}

/** Several texts one after another. */
export interface MessageList {
  items: readonly Param[];
  separator: string;
}

/**
 * What a person is told. Plain data, so that it survives a worker's border and JSON; only the panel and the
 * command line turn it into text.
 */
export type Message = CodedMessage | MessageList;

/** A message, or a text that is the same in every language. */
export type Text = string | Message;

export function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null) return false;
  return ('code' in value && 'params' in value) || ('items' in value && 'separator' in value);
}

/** What a text says, by codes and values and in no language: equal for equal texts only. */
export function identityOf(param: Param): string {
  if (typeof param !== 'object') return JSON.stringify(param);
  if ('number' in param) return param.number.toFixed(param.digits);
  if ('items' in param) return param.items.map(identityOf).join(', ');
  const values = Object.values(param.params);
  return values.length ? `${param.code}(${values.map(identityOf).join(', ')})` : param.code;
}

export function decimal(number: number, digits: number): Decimal {
  return { number, digits };
}

export function list(items: readonly Param[], separator = ' '): MessageList {
  return { items, separator };
}

type Catalog = Readonly<Record<string, string>>;
type Plural = 'one' | 'other';

/** The codes of a catalog; "x_one" and "x_other" are the plural forms of "x". */
export type CodeOf<C extends Catalog> = {
  [K in keyof C & string]: K extends `${infer Code}_${Plural}` ? Code : K;
}[keyof C & string];

type TextOf<C extends Catalog, Code extends string> = C[keyof C & (Code | `${Code}_${Plural}`)];
type Names<Text> = Text extends `${string}{{${infer Name}}}${infer Rest}` ? Name | Names<Rest> : never;

/** What follows a code: exactly the parameters that its English text names, or nothing. */
export type ParamsOf<C extends Catalog, Code extends CodeOf<C>> = [Names<TextOf<C, Code>>] extends [never]
  ? []
  : [Record<Names<TextOf<C, Code>>, Param>];

/** A function that makes messages of a catalog. */
export function messages<C extends Catalog>() {
  return <Code extends CodeOf<C>>(code: Code, ...[params]: ParamsOf<C, Code>): Message => ({
    code,
    params: params ?? {},
  });
}
