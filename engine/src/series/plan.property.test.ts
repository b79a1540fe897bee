import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognize } from '../domains/brain-mr/recognition/recognize';
import { recognizeStudy } from '../domains/brain-mr/recognition/recognizeStudy';
import { ROLE_IDS } from '../domains/brain-mr/roles';
import { arbitraryChoices, arbitraryStudy } from '../testing/arbitrarySeries';
import { makePlan } from './plan';

const anyReference = fc.option(fc.constantFrom(...ROLE_IDS), { nil: undefined });

describe('whatever the study and the choices', () => {
  it('a refused series is never a source', () => {
    fc.assert(
      fc.property(arbitraryStudy, arbitraryChoices, anyReference, (study, choices, reference) => {
        const plan = makePlan('S', study, choices, reference);
        const recognized = recognizeStudy(study);
        for (const source of plan.sources.values()) {
          expect(recognized[study.indexOf(source)].refused).toBeUndefined();
          const { BodyPartExamined: _, ...others } = source.attributes;
          expect(recognize(others).refused).toBeUndefined();
        }
        for (const row of plan.rows) if (row.refused !== undefined) expect(row.role).toBeNull();
      }),
    );
  });

  it('rows, sources and what is missing agree', () => {
    fc.assert(
      fc.property(arbitraryStudy, arbitraryChoices, anyReference, (study, choices, reference) => {
        const plan = makePlan('S', study, choices, reference);
        expect(plan.rows.map(row => row.series)).toEqual(study);
        const used = plan.rows.filter(row => row.role !== null);
        expect(new Map(used.map(row => [row.role, row.series]))).toEqual(new Map(plan.sources));
        expect(used).toHaveLength(plan.sources.size);
        expect([...plan.sources.keys(), ...plan.missing].sort()).toEqual([...ROLE_IDS].sort());
        expect(plan.reference === null).toBe(plan.sources.size === 0);
        if (plan.reference) expect(plan.sources.has(plan.reference)).toBe(true);
      }),
    );
  });

  it('the order of the series does not matter', () => {
    const shuffled = arbitraryStudy.chain(study =>
      fc.tuple(fc.constant(study), fc.shuffledSubarray(study, { minLength: study.length })),
    );
    fc.assert(
      fc.property(shuffled, arbitraryChoices, anyReference, ([study, other], choices, reference) => {
        const [a, b] = [study, other].map(order => makePlan('S', order, choices, reference));
        expect(b.sources).toEqual(a.sources);
        expect(b.reference).toBe(a.reference);
        const rowsOf = (rows: typeof a.rows) => new Map(rows.map(row => [row.series.SeriesInstanceUID, row]));
        expect(rowsOf(b.rows)).toEqual(rowsOf(a.rows));
      }),
    );
  });
});
