import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces what stands in a document between `<!-- id -->` and `<!-- end of id -->`. */
export function replaceTable(document: string, id: string, lines: readonly string[]): void {
  const [begin, end] = [`<!-- ${id} -->`, `<!-- end of ${id} -->`];
  const text = readFileSync(document, 'utf8');
  const at = [text.indexOf(begin), text.indexOf(end)];
  if (at[0] < 0 || at[1] < 0) throw new Error(`${document} has no place for ${id}.`);
  writeFileSync(document, `${text.slice(0, at[0])}${begin}\n\n${lines.join('\n')}\n\n${text.slice(at[1])}`);
}
