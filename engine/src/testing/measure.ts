import { seriesAttributes } from '../dicom/seriesAttributes';
import { recognize } from '../domains/brain-mr/recognition/recognize';
import { ROLE_IDS } from '../domains/brain-mr/roles';
import type { Confidence } from '../domains/Recognition';
import type { RoleId } from '../domains/Role';
import { makePlan } from '../series/plan';
import { series } from './series';
import type { SeriesTableRow } from './seriesTable';

/** How the recognizer does on rows of the table; rows in doubt are counted apart. */
export interface Measured {
  rows: number;
  right: number;
  /** Rows by what they are, then by what they were taken for. */
  confusion: Map<string, Map<string, number>>;
  /** Right ones of those proposed, by confidence. */
  byConfidence: Map<Confidence, { right: number; rows: number }>;
  /** Excluded kinds that a plan would use as a source. */
  leaks: SeriesTableRow[];
  doubtful: { rows: number; right: number; leaks: number };
}

export function measure(table: readonly SeriesTableRow[]): Measured {
  const measured: Measured = {
    rows: 0,
    right: 0,
    confusion: new Map(),
    byConfidence: new Map(),
    leaks: [],
    doubtful: { rows: 0, right: 0, leaks: 0 },
  };
  for (const row of table) {
    const { taken, confidence } = takenFor(row);
    const expected = ROLE_IDS.includes(row.label) ? row.label : null;
    const right = taken === expected;
    const leak = expected === null && taken !== null;
    if (row.doubt) {
      measured.doubtful.rows++;
      if (right) measured.doubtful.right++;
      if (leak) measured.doubtful.leaks++;
      continue;
    }
    measured.rows++;
    if (right) measured.right++;
    if (leak) measured.leaks.push(row);
    const line = measured.confusion.get(row.label) ?? new Map<string, number>();
    line.set(taken ?? 'none', (line.get(taken ?? 'none') ?? 0) + 1);
    measured.confusion.set(row.label, line);
    if (confidence && taken) {
      const count = measured.byConfidence.get(confidence) ?? { right: 0, rows: 0 };
      measured.byConfidence.set(confidence, { right: count.right + Number(right), rows: count.rows + 1 });
    }
  }
  return measured;
}

/** What a plan makes of a row's series, beside an original where the row is a reformat. */
function takenFor(row: SeriesTableRow): { taken: RoleId | null; confidence: Confidence | null } {
  const attributes = seriesAttributes({ Modality: 'MR', ...row.tags });
  const own = series('row', { attributes, SeriesNumber: 2 });
  const original = row.of ? [series(ORIGINAL[row.of])] : [];
  const plan = makePlan('S', [own, ...original], new Map());
  const taken = [...plan.sources].find(([, source]) => source === own)?.[0] ?? null;
  return { taken, confidence: recognize(attributes).confidence };
}

/** Names of an acquired series of each contrast. */
const ORIGINAL: Readonly<Record<RoleId, string>> = { t1: 'T1', t1ce: 'T1 +C', t2: 'T2', flair: 'FLAIR' };
