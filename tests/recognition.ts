/** `npm run recognition`: accuracy of the recognizer on series descriptions; fills in docs/recognition.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Measured, measure } from '@modality-synthesis/engine/testing/measure';
import { readProtocols } from '@modality-synthesis/engine/testing/protocols';
import { PARTS, readSeriesTable } from '@modality-synthesis/engine/testing/seriesTable';
import { planningDomain } from '../engine/src/domains';

const ROLE_IDS = Object.keys(planningDomain().roles);

const percent = (right: number, of: number) => `${((100 * right) / of).toFixed(1)} % (${right} of ${of})`;

function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  align = '---:',
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, k) => (k ? align : '---'))), ...rows.map(line)].join('\n');
}

function figures(measured: readonly Measured[]): string {
  const row = (name: string, of: (m: Measured) => string | number) => [name, ...measured.map(of)];
  const sure = (confidence: 'high' | 'medium' | 'low') => (m: Measured) => {
    const count = m.byConfidence.get(confidence);
    return count ? percent(count.right, count.rows) : '';
  };
  return table(
    ['', ...PARTS],
    [
      row('contrast, or none, is right', m => percent(m.right, m.rows)),
      row('excluded kinds taken as a source', m => m.leaks.length),
      row('right of those proposed with high confidence', sure('high')),
      row('... medium', sure('medium')),
      row('... low', sure('low')),
      row('right of the rows in doubt', m => percent(m.doubtful.right, m.doubtful.rows)),
      row('... excluded kinds among them taken as a source', m => m.doubtful.leaks),
    ],
  );
}

function confusion({ confusion }: Measured): string {
  const columns = [...ROLE_IDS, 'none'];
  const labels = [
    ...ROLE_IDS,
    ...[...confusion.keys()].filter(l => !ROLE_IDS.some(c => c === l)).sort(),
  ].filter(label => confusion.has(label));
  return table(
    ['it is \\ taken for', ...columns],
    labels.map(label => [label, ...columns.map(column => confusion.get(label)?.get(column) ?? '')]),
  );
}

/** Published protocols, and what is made of them. */
function protocols(): string {
  const rows = readProtocols().map(({ vendor, source, read, want, tags }) => {
    const series = { SeriesInstanceUID: '1', attributes: { Modality: 'MR', ...tags } };
    const [{ role, confidence, refused }] = planningDomain().recognize([series]);
    const { SeriesDescription = '', RepetitionTime, EchoTime, InversionTime, FlipAngle } = tags;
    const times = [RepetitionTime, EchoTime, InversionTime, FlipAngle].map(value => value ?? '');
    const taken = role && !refused ? `${role} (${confidence})` : 'none';
    return [vendor, SeriesDescription, ...times, want ?? 'none', taken, read ? source : `${source} *`];
  });
  return table(['scanner', 'name', 'TR', 'TE', 'TI', 'flip', 'is', 'taken for', 'source'], rows, '---');
}

/** Replaces what stands between two marks of a page. */
function fill(page: string, mark: string, text: string): string {
  const [begin, end] = [`<!-- ${mark} -->\n`, `\n<!-- /${mark} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/recognition.md has no ${mark}.`);
  return page.slice(0, from) + begin + text + page.slice(to);
}

const measured = PARTS.map(part => measure(readSeriesTable(part)));
const file = path.resolve(import.meta.dirname, '../docs/recognition.md');
const filled = [
  ['figures', figures(measured)],
  ['held-back', confusion(measured[1])],
  ['protocols', protocols()],
].reduce((page, [mark, text]) => fill(page, mark, text), readFileSync(file, 'utf8'));
writeFileSync(file, filled);
console.log(figures(measured));
