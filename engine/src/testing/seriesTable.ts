import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SeriesAttributes } from '../dicom/seriesAttributes';
import type { RoleId } from '../domains/Role';

/** A real-world series with what it is; tests/fixtures/series-descriptions/README.md. */
export interface SeriesTableRow {
  source: string;
  language: string;
  /** A contrast, or what must not be a source. */
  label: string;
  /** Of a reformat: the contrast it shows. */
  of?: RoleId;
  /** Why name and tags cannot tell. */
  doubt?: string;
  tags: SeriesAttributes;
}

export const PARTS = ['known', 'held-back'] as const;

export type Part = (typeof PARTS)[number];

export function readSeriesTable(part: Part): SeriesTableRow[] {
  const file = new URL(`../../../tests/fixtures/series-descriptions/${part}.jsonl`, import.meta.url);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as SeriesTableRow);
}

/** The sources the split holds back: those first by SHA-256 of their names, until a third of the rows is. */
export function heldBackSources(rows: readonly SeriesTableRow[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { source } of rows) counts.set(source, (counts.get(source) ?? 0) + 1);
  const digest = (source: string) => createHash('sha256').update(source).digest('hex');
  const order = [...counts.keys()].sort((a, b) => (digest(a) < digest(b) ? -1 : 1));
  const held = new Set<string>();
  let n = 0;
  for (const source of order) {
    if (n >= rows.length / 3) break;
    held.add(source);
    n += counts.get(source)!;
  }
  return held;
}
