import type { Param } from './Message';

/** What turns messages into the text of one language. */
export interface Language {
  /** The catalog's text of a code, "{{name}}" where a parameter belongs; `count` chooses its plural form. */
  template(code: string, count?: number): string;
  /** A number with the language's decimal mark; without `digits` with as many as it has. */
  number(value: number, digits?: number): string;
}

/** A message, or what stands in one, in the words of a language. */
export function render(param: Param, language: Language): string {
  if (typeof param === 'string') return param;
  if (typeof param === 'number') return language.number(param);
  if ('number' in param) return language.number(param.number, param.digits);
  if ('items' in param) return param.items.map(item => render(item, language)).join(param.separator);
  const { code, params } = param;
  const count = typeof params.count === 'number' ? params.count : undefined;
  return language
    .template(code, count)
    .replace(/\{\{(\w+)\}\}/g, (_, name) => render(params[name], language));
}
