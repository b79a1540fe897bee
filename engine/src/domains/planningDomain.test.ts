import { describe, expect, it } from 'vitest';
import { makePlan } from '../series/plan';
import { series } from '../testing/series';
import { planningDomain } from '.';

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
