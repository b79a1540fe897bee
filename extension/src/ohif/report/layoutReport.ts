import { disclaimers, roleLabel, type Text } from '@modality-synthesis/engine';
import { message } from '../../i18n/message';
import { recordLines } from '../../session/recordLines';
import type { ReportedResult } from '../../session/ViewerPort';

/** A4 at 150 dpi. */
export const PAGE = { width: 1240, height: 1754, margin: 80 };
const LINE_HEIGHT = 1.35;

const FAMILY = 'sans-serif';

/** Looks of a text: CSS font weight, size and space around it in px. */
const STYLES = {
  title: { weight: 700, size: 40, before: 0, after: 12 },
  heading: { weight: 700, size: 24, before: 26, after: 6 },
  warning: { weight: 700, size: 22, before: 4, after: 4 },
  text: { weight: 400, size: 20, before: 2, after: 4 },
} as const;

type Style = keyof typeof STYLES;

/** A line of text at its left end and its baseline, px. */
export interface PlacedText {
  kind: 'text';
  text: string;
  font: string;
  warning: boolean;
  x: number;
  y: number;
}

/** Where a key image goes, px; `slice` counts the chosen slices, the columns of the table of images. */
export interface PlacedImage {
  kind: 'image';
  series: 'acquired' | 'synthetic';
  slice: number;
  x: number;
  y: number;
  size: number;
}

export type Placed = PlacedText | PlacedImage;

/** How many slices the report shows. */
export const KEY_SLICES = 3;

/** What depends on browser and language. */
export interface Typesetter {
  /** Width of a text in a CSS font, px. */
  measure(text: string, font: string): number;
  translate(text: Text): string;
}

/**
 * The pages of a report about a result: what it is and what it is not, key images
 * (acquired above synthetic), how it was made, the limits of the model.
 * @param result texts of its card as they are to be read
 * @param patient lines about patient and study
 */
export function layoutReport(
  result: ReportedResult,
  patient: readonly string[],
  { measure, translate }: Typesetter,
): Placed[][] {
  const pages: Placed[][] = [[]];
  let y = PAGE.margin;
  const room = (height: number) => {
    if (y + height <= PAGE.height - PAGE.margin) return;
    pages.push([]);
    y = PAGE.margin;
  };
  const write = (text: Text, style: Style) => {
    const { weight, size, before, after } = STYLES[style];
    const font = `${weight} ${size}px ${FAMILY}`;
    y += before;
    for (const line of wrap(translate(text), PAGE.width - 2 * PAGE.margin, part => measure(part, font))) {
      room(size * LINE_HEIGHT);
      y += size * LINE_HEIGHT;
      pages.at(-1)!.push({ kind: 'text', text: line, font, warning: style === 'warning', x: PAGE.margin, y });
    }
    y += after;
  };
  const writeList = (title: Text, lines: readonly string[]) => {
    if (lines.length === 0) return;
    write(title, 'heading');
    for (const line of lines) write(`• ${line}`, 'text');
  };
  const target = roleLabel(result.target);
  const name = message('result/name', { target });
  const { derivation, card } = result;
  const acquired = message('report/acquired', { source: roleLabel(derivation.reference) });
  write(message('report/title', { target }), 'title');
  for (const line of patient) write(line, 'text');
  for (const warning of disclaimers(derivation)) write(warning, 'warning');
  const footer = (page: number, of: number): PlacedText => ({
    kind: 'text',
    text: [translate(message('report/page', { target, page, of })), ...patient].join(' · '),
    font: `400 ${STYLES.text.size}px ${FAMILY}`,
    warning: false,
    x: PAGE.margin,
    y: PAGE.height - PAGE.margin / 2,
  });
  const gap = 16;
  const size = (PAGE.width - 2 * PAGE.margin - (KEY_SLICES - 1) * gap) / KEY_SLICES;
  for (const series of ['acquired', 'synthetic'] as const) {
    write(series === 'acquired' ? acquired : name, 'heading');
    room(size);
    for (let slice = 0; slice < KEY_SLICES; slice++) {
      pages.at(-1)!.push({ kind: 'image', series, slice, x: PAGE.margin + slice * (size + gap), y, size });
    }
    y += size;
  }
  write(message('result/how-made', { result: name }), 'heading');
  for (const [term, value] of recordLines(result)) write(`${translate(term)}: ${translate(value)}`, 'text');
  writeList(message('model-card/not-for'), card.not_for);
  writeList(message('model-card/limitations'), card.limitations);
  for (const [n, page] of pages.entries()) page.push(footer(n + 1, pages.length));
  return pages;
}

/** A text in lines of at most `width`; a word that is longer, such as a UID, is broken. */
export function wrap(text: string, width: number, measure: (part: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    if (measure(longer) <= width) {
      line = longer;
      continue;
    }
    if (line) lines.push(line);
    line = word;
    while (measure(line) > width) {
      let end = line.length - 1;
      while (end > 1 && measure(line.slice(0, end)) > width) end--;
      lines.push(line.slice(0, end));
      line = line.slice(end);
    }
  }
  return line ? [...lines, line] : lines;
}
