import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** Sources whose texts may reach the panel: not those of tests, nor what only the command line says. */
const FILES = ['engine/src', 'extension/src'].flatMap(folder =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map(file => `${folder}/${file}`)
    .filter(file => /\.tsx?$/.test(file))
    .filter(file => !/\.test\.|\.d\.ts$|\/testing\/|^engine\/src\/node\/|\/i18n\/de\//.test(file)),
);

export interface Source {
  file: string;
  tree: ts.SourceFile;
}

export const SOURCES: readonly Source[] = FILES.map(file => ({
  file,
  tree: ts.createSourceFile(file, readFileSync(path.join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true),
}));

/** Every node of a file. */
export function nodes(tree: ts.SourceFile): ts.Node[] {
  const all: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    all.push(node);
    node.forEachChild(visit);
  };
  visit(tree);
  return all;
}

/** Whether a template is tagged as one of our texts. */
export function isText(node: ts.Node): node is ts.TaggedTemplateExpression {
  return ts.isTaggedTemplateExpression(node) && ['say', 't'].includes(node.tag.getText());
}

/** The English of a tagged template with its places, as `say` makes it. */
export function templateOf({ template }: ts.TaggedTemplateExpression): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce(
    (text, { literal }, n) => `${text}{{${n}}}${literal.text}`,
    template.head.text,
  );
}
