import { describe, expect, it } from 'vitest';
import { makePlan } from '../series/plan';
import { coded } from '../testing/coded';
import { series } from '../testing/series';
import { planningDomain } from '.';
import type { Site } from './Domain';

const study = [series('T1'), series('T1 +C 25% dose'), series('T2')];
const planOf = (roles?: string[]) =>
  makePlan('S', study, new Map(), undefined, planningDomain(roles && { domain: 'brain-mr', roles }));

describe('the domain of a plan', () => {
  it('has no role for what is a source of other models only', () => {
    const plan = planOf();
    expect(Object.keys(plan.domain.roles)).toEqual(['t1', 't1ce', 't2', 'flair']);
    expect([...plan.sources.keys()]).toEqual(['t1', 't2']);
    expect(plan.missing).toEqual(['t1ce', 'flair']);
    const { role, confidence, reasons } = plan.rows[1];
    expect([role, confidence]).toEqual([null, null]);
    expect(reasons.length).toBeGreaterThan(0);
    expect(planOf(['t1', 't1ce', 't2', 'flair']).sources).toEqual(plan.sources);
  });

  it('has the roles of the bundle and no others', () => {
    const plan = planOf(['t1', 't1ce-low', 't1ce']);
    expect([...plan.sources.keys()]).toEqual(['t1', 't1ce-low']);
    expect(plan.missing).toEqual(['t1ce']);
    expect(plan.rows[2].role).toBeNull();
  });

  it('makes what the method makes, and says which series the model does not use', () => {
    const bundle = { domain: 'brain-mr', roles: ['t1', 't1ce-low', 't1ce'], makes: ['t1ce'] };
    const plan = makePlan(
      'S',
      [series('T1 +C 25% dose'), series('T2')],
      new Map(),
      undefined,
      planningDomain(bundle),
    );
    expect(plan.missing).toEqual(['t1ce']);
    expect(coded(plan.rows[1].reasons).at(-1)).toBe('choice/role-unused(role/t2)');
  });

  it('offers a role that a person may choose to models only that take it', () => {
    const two = [series('T1'), series('T1 +C'), series('T1 +C 2')];
    const of = (roles: string[]) =>
      makePlan('S', two, new Map(), undefined, planningDomain({ domain: 'brain-mr', roles }));
    const { rows, rivalries } = of(['t1', 't1ce-low', 't1ce']);
    expect(coded(rows[1].reasons)).toContain('brain-mr/recognition/one-of-two(role/t1ce-low)');
    expect(rivalries.map(({ role, missing }) => [role, missing])).toContainEqual(['t1ce-low', true]);
    const others = of(['t1', 't1ce', 't2', 'flair']);
    expect(coded(others.rows[1].reasons).join()).not.toContain('one-of-two');
    expect(others.rivalries.map(({ role }) => role)).not.toContain('t1ce-low');
  });

  it("recognizes a small amount by the site's own full dose", () => {
    const given = { ContrastBolusAgent: 'Gadobutrol', PatientWeight: 80, ContrastBolusVolume: 4 };
    const attributes = { Modality: 'MR', SeriesDescription: 'T1 +C', ...given };
    const bundle = { domain: 'brain-mr', roles: ['t1', 't1ce-low', 't1ce'] };
    const alternatives = (site?: Site) =>
      planningDomain(bundle, site).recognize([{ SeriesInstanceUID: '1', attributes }])[0].alternatives;
    expect(alternatives()).toEqual(['t1ce-low']);
    expect(alternatives({ fullDose: 0.05 })).toBeUndefined();
  });

  it('never makes a low dose', () => {
    const plan = makePlan(
      'S',
      [series('T1')],
      new Map(),
      undefined,
      planningDomain({ domain: 'brain-mr', roles: ['t1', 't1ce-low', 't1ce'] }),
    );
    expect(plan.missing).toEqual(['t1ce']);
    expect(planningDomain().recognize([]).length).toBe(0);
  });
});
