import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DOMAINS, ROLE_IDS, textsOf } from '@modality-synthesis/engine';
import { sentencesIn } from '@modality-synthesis/engine/testing/sentences';
import ts from 'typescript';
import { expect, it } from 'vitest';
import dose from '../../../models/bundles/ccdm-dose-brain-mr/bundle.json';
import shipped from '../../../models/bundles/cdm-brain-mr/bundle.json';
import tiny from '../../../models/bundles/cdm-tiny/bundle.json';
import bundleTexts from './bundleTexts.json';
import de from './de.json';
import { en } from './en';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** The product's sources, without tests, catalogs and the command line. */
const SOURCES = ['engine/src', 'extension/src'].flatMap(folder =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map(file => `${folder}/${file}`)
    .filter(file => /\.tsx?$/.test(file))
    .filter(file => !/\.test\.|\.d\.ts$|\/testing\/|\/en\.ts$/.test(file))
    .map(file => ({
      file,
      nodes: nodes(
        ts.createSourceFile(file, readFileSync(path.join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true),
      ),
    })),
);

function nodes(tree: ts.Node): ts.Node[] {
  const all: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    all.push(node);
    node.forEachChild(visit);
  };
  visit(tree);
  return all;
}

const English = { ...textsOf('en'), ...en };
const German = { ...textsOf('de'), ...de };

/** The codes of which the sources make a message, and those of the roles (`roleLabel`). */
const codes = new Set([
  ...SOURCES.flatMap(({ nodes }) => nodes.flatMap(codeOf)),
  ...ROLE_IDS.map(id => `role/${id}`),
]);

function codeOf(node: ts.Node): string[] {
  if (!ts.isCallExpression(node) || !/^(message|t)$/.test(node.expression.getText())) return [];
  return node.arguments.slice(0, 1).flatMap(code => (ts.isStringLiteralLike(code) ? [code.text] : []));
}

/** The names of each text's parameters. */
const parameters = (texts: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(texts).map(([code, text]) => [code, (text.match(/\{\{\w+\}\}/g) ?? []).sort()]),
  );

it.each(Object.entries({ English, German }))(
  'every code has its %s text, and every text its code',
  (_, texts) => {
    expect(new Set(Object.keys(texts).map(code => code.replace(/_(one|other)$/, '')))).toEqual(codes);
    expect(parameters(texts)).toEqual(parameters(English));
  },
);

it.each(DOMAINS)('the texts of $id are its own, and name its roles as DICOM does', domain => {
  const { id, catalogs, roles } = domain;
  for (const code of Object.keys(catalogs.en))
    expect(code.split('/')[0]).toMatch(new RegExp(`^(${id}|role)$`));
  for (const [role, name] of Object.entries(roles)) expect(catalogs.en[`role/${role}`]).toBe(name);
});

it('every text of the shipped models, and every caution that the exporter writes, is translated', () => {
  const texts = [
    ...[shipped, dose].flatMap(model => [model.intended_use, ...model.not_for, ...model.limitations]),
    ...[tiny.targets.t1ce.caution, tiny.indeterminate.t1ce.text],
  ];
  for (const [language, translations] of Object.entries(bundleTexts))
    expect(Object.keys(translations).sort(), language).toEqual([...new Set(texts)].sort());
});

/** Codes of the texts with which something is refused. */
const refusals = SOURCES.flatMap(({ nodes }) =>
  nodes.filter(
    node =>
      (ts.isNewExpression(node) && node.expression.getText() === 'SynthesisError') ||
      (ts.isCallExpression(node) && node.expression.getText() === 'refuse'),
  ),
)
  .flatMap(node => nodes(node))
  .flatMap(codeOf);

/** There is nothing to do about these, or the preflight adds what. */
const WITHOUT_REMEDY = [
  'job/cancelled',
  'job/nothing-missing',
  'provider/self-test-failed',
  'series/unusable',
  'error-map/none',
  // Its reason says it.
  'storage/failed',
  // Parts of other texts.
  'options/whole',
  'record/whole',
];

const REMEDIES = {
  English:
    /\b(choose|try|wait|take|leave|install|check|copy|open|tick|close|change|make|ask|synthesize|lie between)\b/i,
  German: /\b(Sie|liegen)\b/,
};

it.each(Object.entries({ English, German }))(
  'every refusal is at most two sentences in %s, and says what to do',
  (language, texts) => {
    expect(refusals.length).toBeGreaterThan(20);
    const remedy = language === 'German' ? REMEDIES.German : REMEDIES.English;
    const wrong = Object.entries(texts).filter(([key, text]) => {
      const code = key.replace(/_(one|other)$/, '');
      if (!refusals.includes(code)) return false;
      return sentencesIn(text) > 2 || !(WITHOUT_REMEDY.includes(code) || remedy.test(text));
    });
    expect(wrong).toEqual([]);
  },
);

/** Files whose English the panel never shows: command line, bundle errors, DICOM, watermark, style. */
const NOT_SHOWN = [
  'engine/src/backends/node.ts',
  'engine/src/domains/brain-mr/region/brainManifest.ts',
  'engine/src/bundle/checkFields.ts',
  'engine/src/bundle/fields.ts',
  'engine/src/bundle/inputDistribution.ts',
  'engine/src/domains/brain-mr/roles.ts',
  'engine/src/methods/cdm/manifest.ts',
  'engine/src/methods/ccdm/manifest.ts',
  'engine/src/methods/cmdm/manifest.ts',
  'engine/src/dicom/parametricMap.ts',
  'engine/src/dicom/provenance.ts',
  'engine/src/dicom/references.ts',
  'engine/src/dicom/segmentation.ts',
  'extension/src/ohif/selfCheck/checkCaptions.ts',
  'extension/src/ohif/watermark/watermarkThumbnail.ts',
  'extension/src/ohif/watermark/watermarkText.ts',
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

/** Whether it is for the console, a class, in an error that is no SynthesisError, or a pattern of names. */
function isLogged(node: ts.Node): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isJsxAttribute(at) && at.name.getText() === 'className') return true;
    if (ts.isCallExpression(at) && /^(console\.\w+|terms)$/.test(at.expression.getText())) return true;
    if (ts.isNewExpression(at) && /^(Range)?Error$/.test(at.expression.getText())) return true;
  }
  return false;
}

it('only texts that are shown where it is true say that nothing leaves this machine', () => {
  const saying = (texts: Readonly<Record<string, string>>, words: RegExp) =>
    Object.keys(texts).filter(code => words.test(texts[code]));
  const where = ['panel/stays', 'preflight/server-here', 'preflight/server-not-this-model'];
  expect(saying(English, /(nothing|no image) leaves/).sort()).toEqual(where);
  expect(saying(German, /(nichts|kein Bild) verlässt/i).sort()).toEqual(where);
});
