import { type Derivation, render, type Text, textsOf } from '@modality-synthesis/engine';
import { derivation } from '@modality-synthesis/engine/testing/derivation';
import { expect, it } from 'vitest';
import { en } from '../../i18n/en';
import { layoutReport, PAGE, type PlacedImage, type PlacedText, wrap } from './layoutReport';

const result = (more: Partial<Derivation> = {}) => ({
  study: 'S',
  target: 't1ce',
  SeriesInstanceUID: 'made',
  referenceSeriesInstanceUID: 'T1',
  derivation: { ...derivation(), target: 't1ce', ...more },
  details: [],
  card: { intended_use: 'Tests.', not_for: ['Anything else.'], limitations: ['One.', 'Two.'] },
});
/** A font of which each letter is 10 px wide. */
const measure = (text: string) => 10 * text.length;
const catalog: Readonly<Record<string, string>> = { ...textsOf('en'), ...en };
const typesetter = {
  measure,
  translate: (text: Text) =>
    render(text, {
      template: (code, count) => catalog[code] ?? catalog[`${code}_${count === 1 ? 'one' : 'other'}`],
      number: String,
    }),
};
const isText = (part: PlacedText | PlacedImage): part is PlacedText => part.kind === 'text';
const texts = (pages: ReturnType<typeof layoutReport>) =>
  pages
    .flat()
    .filter(isText)
    .map(({ text }) => text)
    .join('\n');

it('says what the result is not before anything else is read', () => {
  const [page] = layoutReport(result(), ['Doe^Jane, P-17'], typesetter);
  const lines = page.filter(isText);
  const firstImage = page.find(part => part.kind === 'image')!;
  const warnings = lines.filter(({ warning }) => warning);
  expect(warnings.map(({ text }) => text).join(' ')).toContain('Predicted, not measured');
  for (const { y } of warnings) expect(y).toBeLessThanOrEqual(firstImage.y);
  expect(lines[0].text).toContain('T1 post-contrast');
  expect(lines[1].text).toBe('Doe^Jane, P-17');
});

it('shows the same slices of acquired and synthetic series', () => {
  const images = layoutReport(result(), [], typesetter)
    .flat()
    .filter((part): part is PlacedImage => part.kind === 'image');
  expect(images.map(({ series, slice }) => `${series} ${slice}`)).toEqual(
    ['acquired', 'synthetic'].flatMap(series => [0, 1, 2].map(slice => `${series} ${slice}`)),
  );
});

it('has record, uses and limitations', () => {
  const all = texts(layoutReport(result(), [], typesetter));
  for (const part of [derivation().bundle.sha256, 'Anything else.', 'One.', 'Two.'])
    expect(all.replaceAll('\n', '')).toContain(part);
});

it('keeps every part on its page, and goes on with another', () => {
  const long = result();
  long.card.limitations = Array.from({ length: 60 }, (_, n) => `Limitation ${n}, ${'long '.repeat(30)}`);
  const pages = layoutReport(long, ['Doe^Jane'], typesetter);
  expect(pages.length).toBeGreaterThan(1);
  for (const part of pages.flat()) {
    expect(part.y + (part.kind === 'image' ? part.size : 0)).toBeLessThan(PAGE.height);
    const width = part.kind === 'image' ? part.size : measure(part.text);
    expect(part.x + width).toBeLessThanOrEqual(PAGE.width - PAGE.margin);
  }
  expect(texts(pages)).toContain('Limitation 59');
  for (const [n, page] of pages.entries()) {
    const footer = page.filter(isText).at(-1)!.text;
    expect(footer).toBe(`SYNTHETIC T1 post-contrast, page ${n + 1} of ${pages.length} · Doe^Jane`);
  }
});

it('wraps at spaces, and breaks what is longer than a line', () => {
  expect(wrap('one two three', 70, measure)).toEqual(['one two', 'three']);
  expect(wrap('1.2.826.0.1 x', 50, measure)).toEqual(['1.2.8', '26.0.', '1 x']);
  expect(wrap('', 50, measure)).toEqual([]);
});
