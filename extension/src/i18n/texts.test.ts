import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { en as engineEnglish, de as engineGerman, textsOf } from '@modality-synthesis/engine';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import shipped from '../../../models/bundles/cdm-brain-mr/bundle.json';
import { bundleTexts } from './bundleTexts';
import { de } from './de';
import { en } from './en';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** The product's sources, without tests, catalogs and the command line. */
const SOURCES = ['engine/src', 'extension/src'].flatMap(folder =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map(file => `${folder}/${file}`)
    .filter(file => /\.tsx?$/.test(file))
    .filter(file => !/\.test\.|\.d\.ts$|\/testing\/|\/(en|de|bundleTexts)\.ts$/.test(file))
    .map(file => ({
      file,
      nodes: nodes(
        ts.createSourceFile(file, readFileSync(path.join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true),
      ),
    })),
);

function nodes(tree: ts.SourceFile): ts.Node[] {
  const all: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    all.push(node);
    node.forEachChild(visit);
  };
  visit(tree);
  return all;
}

const strings = new Set(
  SOURCES.flatMap(source => source.nodes.filter(ts.isStringLiteralLike).map(node => node.text)),
);

const parameters = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe.each([
  ['the engine', engineEnglish, engineGerman],
  ['the methods', textsOf('en'), textsOf('de')],
  ['the extension', en, de],
] as [string, Record<string, string>, Record<string, string>][])(
  'the catalogs of %s',
  (_, english, german) => {
    it('have only codes that the sources use', () => {
      const codes = Object.keys(english).map(code => code.replace(/_(one|other)$/, ''));
      expect(codes.filter(code => !strings.has(code))).toEqual([]);
    });

    it('have a German text for every code, with its parameters', () => {
      expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
      for (const [code, text] of Object.entries(english))
        expect(parameters(german[code]), code).toEqual(parameters(text));
    });
  },
);

it('every text of the shipped model is translated', () => {
  const texts = [shipped.intended_use, ...shipped.not_for, ...shipped.limitations];
  for (const [language, translations] of Object.entries(bundleTexts))
    expect(Object.keys(translations).sort(), language).toEqual([...new Set(texts)].sort());
});

/** Files whose English nobody reads in the panel: the command line, a bundle's author, DICOM, the watermark, style. */
const NOT_SHOWN = [
  'engine/src/brain/brainManifest.ts',
  'engine/src/bundle/fields.ts',
  'engine/src/methods/cdm/manifest.ts',
  'engine/src/dicom/provenance.ts',
  'engine/src/dicom/references.ts',
  'extension/src/ohif/markThumbnails.ts',
  'extension/src/ohif/markWords.ts',
  'extension/src/ui/styles.ts',
];

it('no English stands outside the catalogs', () => {
  const shown = SOURCES.filter(
    ({ file }) => !NOT_SHOWN.includes(file) && !/^engine\/src\/(dicom\/)?node\//.test(file),
  );
  const loose = shown.flatMap(({ file, nodes }) =>
    nodes.filter(node => isProse(node) && !isLogged(node)).map(node => `${file}: ${node.getText()}`),
  );
  expect(loose).toEqual([]);
});

/** JSX text, or a string or template of two words or more. */
function isProse(node: ts.Node): boolean {
  if (ts.isJsxText(node)) return /\p{L}/u.test(node.text);
  const parts = ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(span => span.literal.text)]
    : ts.isStringLiteralLike(node)
      ? [node.text]
      : [];
  return parts.some(part => /[a-z]{2,} [a-z]{2,}/.test(part));
}

/** Whether it is for the console, inside an error that is no SynthesisError, or a pattern of names. */
function isLogged(node: ts.Node): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isCallExpression(at) && /^(console\.\w+|terms)$/.test(at.expression.getText())) return true;
    if (ts.isNewExpression(at) && /^(Range)?Error$/.test(at.expression.getText())) return true;
  }
  return false;
}
