import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import shipped from '../../../models/bundles/cdm-brain-mr/bundle.json';
import { isText, nodes, SOURCES, templateOf } from '../testing/texts';
import { languages } from './languages';

/** Every text of ours that has a word or quotation marks in it, out of the sources, and what the shipped model says of itself. */
const texts = new Set([
  ...SOURCES.flatMap(({ tree }) => nodes(tree).filter(isText).map(templateOf)).filter(hasWord),
  ...[shipped.intended_use, ...shipped.not_for, ...shipped.limitations],
]);

function hasWord(text: string): boolean {
  return /[\p{L}“]/u.test(text.replace(/\{\{\d+\}\}/g, ''));
}

const places = (text: string) => (text.match(/\{\{\d+\}\}/g) ?? []).sort();

describe.each(Object.entries(languages))('%s', (_, translations) => {
  it('has every text and no other', () => {
    const translated = new Set(Object.keys(translations));
    expect({
      missing: [...texts].filter(text => !translated.has(text)),
      unused: [...translated].filter(text => !texts.has(text)),
    }).toEqual({ missing: [], unused: [] });
  });

  it('has the places of the English', () => {
    for (const [english, translation] of Object.entries(translations))
      expect(places(translation), english).toEqual(places(english));
  });
});

/** Files whose English nobody reads in the panel: what a bundle's author is told, DICOM, the mark, style. */
const NOT_TOLD = [
  'engine/src/brain/brainManifest.ts',
  'engine/src/bundle/fields.ts',
  'engine/src/bundle/manifest.ts',
  'engine/src/dicom/provenance.ts',
  'engine/src/dicom/references.ts',
  'extension/src/ohif/markThumbnails.ts',
  'extension/src/ohif/markWords.ts',
  'extension/src/ui/styles.ts',
];

it('no other English stands in the sources', () => {
  const told = SOURCES.filter(({ file }) => !NOT_TOLD.includes(file));
  const loose = told.flatMap(({ file, tree }) =>
    nodes(tree)
      .filter(node => isProse(node) && !isLogged(node))
      .map(node => `${file}: ${node.getText()}`),
  );
  expect(loose).toEqual([]);
});

/** JSX text, or a string or template of two words or more that is none of our texts. */
function isProse(node: ts.Node): boolean {
  if (ts.isJsxText(node)) return /\p{L}/u.test(node.text);
  if (ts.isTaggedTemplateExpression(node.parent ?? node)) return false;
  const parts = ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(span => span.literal.text)]
    : ts.isStringLiteralLike(node)
      ? [node.text]
      : [];
  return parts.some(part => /[a-z]{2,} [a-z]{2,}/.test(part));
}

/** Whether it is for the console or inside an error that is no SynthesisError, or a pattern of names. */
function isLogged(node: ts.Node): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isCallExpression(at) && /^(console\.\w+|terms)$/.test(at.expression.getText())) return true;
    if (ts.isNewExpression(at) && /^(Range)?Error$/.test(at.expression.getText())) return true;
  }
  return false;
}
