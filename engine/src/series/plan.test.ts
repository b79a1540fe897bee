import { describe, expect, it } from 'vitest';
import type { Contrast } from '../contrast/Contrast';
import { series } from '../testing/series';
import { makePlan } from './plan';

const none = new Map<string, Contrast | null>();
const t1 = series('T1');
const t2 = series('T2');
const flair = series('FLAIR');

const sourcesOf = (plan: ReturnType<typeof makePlan>) =>
  Object.fromEntries([...plan.sources].map(([contrast, s]) => [contrast, s.description]));

describe('makePlan', () => {
  it('proposes recognized series and what is missing', () => {
    const plan = makePlan('S', [flair, series('DWI'), t1], none);
    expect(plan.study).toBe('S');
    expect([...plan.sources.keys()]).toEqual(['t1', 'flair']);
    expect(sourcesOf(plan)).toEqual({ t1: 'T1', flair: 'FLAIR' });
    expect(plan.missing).toEqual(['t1ce', 't2']);
    expect(plan.rows.map(r => r.contrast)).toEqual(['flair', null, 't1']);
  });

  it('has no reference without sources', () => {
    expect(makePlan('S', [], none)).toMatchObject({
      reference: null,
      missing: ['t1', 't1ce', 't2', 'flair'],
      rows: [],
    });
  });

  it('uses the first of two series of one contrast and says why not the other', () => {
    const again = series('T1 repeated');
    const plan = makePlan('S', [t1, again], none);
    expect(sourcesOf(plan)).toEqual({ t1: 'T1' });
    expect(plan.rows[1].contrast).toBeNull();
    expect(plan.rows[1].reasons.join(' ')).toContain('Another series is used as T1');
  });

  it("puts a person's choice before a proposal", () => {
    const again = series('T1 repeated');
    const plan = makePlan(
      'S',
      [t1, again, series('DWI')],
      new Map([
        [again.SeriesInstanceUID, 't1'],
        ['uid DWI', 't2'],
      ]),
    );
    expect(sourcesOf(plan)).toEqual({ t1: 'T1 repeated', t2: 'DWI' });
    expect(plan.rows.map(r => r.contrast)).toEqual([null, 't1', 't2']);
    expect(plan.rows[1].reasons).toEqual(['Chosen by you.']);
  });

  it('leaves out what a person does not want, and lets the next one in', () => {
    const again = series('T1 repeated');
    const plan = makePlan('S', [t1, again], new Map([[t1.SeriesInstanceUID, null]]));
    expect(sourcesOf(plan)).toEqual({ t1: 'T1 repeated' });
    expect(plan.rows[0]).toMatchObject({ contrast: null, reasons: ['Chosen by you.'] });
  });

  it('never uses a refused series, whatever the choice', () => {
    const synthetic = series('SYNTHETIC T2');
    const ct = series('T1', { attributes: { Modality: 'CT', SeriesDescription: 'T1' } });
    const plan = makePlan(
      'S',
      [synthetic, ct],
      new Map([
        [synthetic.SeriesInstanceUID, 't2'],
        [ct.SeriesInstanceUID, 't1'],
      ]),
    );
    expect(plan.sources.size).toBe(0);
    expect(plan.missing).toHaveLength(4);
    for (const row of plan.rows) {
      expect(row.contrast).toBeNull();
      expect(row.refused).toBeTruthy();
    }
  });

  it('keeps a synthetic series from standing in for a missing contrast', () => {
    expect(makePlan('S', [t1, series('SYNTHETIC FLAIR (CDM)')], none).missing).toContain('flair');
  });

  it.each([
    ['the axial one', { axiality: 0.1, inPlaneSpacing: 0.5 }, { inPlaneSpacing: 0.9 }, 't2'],
    [
      'the finest of those near axial',
      { axiality: 1, inPlaneSpacing: 0.9 },
      { axiality: 0.95, inPlaneSpacing: 0.5 },
      't2',
    ],
    ['the nearest to axial of oblique ones', { axiality: 0.6 }, { axiality: 0.8 }, 't2'],
    ['the first of equals', { SeriesNumber: 7 }, { SeriesNumber: 4 }, 't2'],
    ['the finest', { inPlaneSpacing: 0.5 }, { inPlaneSpacing: 0.9 }, 't1'],
  ] as const)('takes as reference %s', (_, first, second, expected) => {
    expect(makePlan('S', [series('T1', first), series('T2', second)], none).reference).toBe(expected);
  });

  it('takes the reference a person chose, if it is a source', () => {
    const fine = series('T1', { inPlaneSpacing: 0.5 });
    expect(makePlan('S', [fine, t2], none, 't2').reference).toBe('t2');
    expect(makePlan('S', [fine, t2], none, 'flair').reference).toBe('t1');
  });
});
