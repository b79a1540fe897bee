import { planningDomain } from '@modality-synthesis/engine';
import { series } from '@modality-synthesis/engine/testing/series';
import { describe, expect, it } from 'vitest';
import { Selection } from './selection';
import type { Plan, StudySeries } from './ViewerPort';

const PARAMETERS = { 'given-dose': { label: 'Dose', min: 5, max: 100, default: 25 } };

/** The plan of a study with a low-dose series of that name. */
function planned(name: string) {
  const domain = planningDomain({ domain: 'brain-mr', roles: ['t1', 't1ce-low', 't1ce'] });
  const all = [series('T1'), series(name)].map(
    (one): StudySeries => ({ ...one, displaySetInstanceUID: one.id }),
  );
  let plan: Plan | null = null;
  const selection = new Selection(
    () => plan,
    () => {},
  );
  plan = selection.plan('S', all, domain);
  const shown = () => selection.controls(plan!, 't1ce', PARAMETERS);
  return { selection, shown, plan: () => plan };
}

describe('the value of a parameter', () => {
  it('is what the series tell, unless a person chooses', () => {
    const { selection, shown, plan } = planned('T1 +C 10% dose');
    const [control] = shown();
    expect(control.value).toBe(10);
    selection.chooseParameter(control, 40);
    expect(shown()[0].value).toBe(40);
    expect(selection.chosen(plan()!, ['t1ce'])).toEqual([{ id: 't1ce', parameters: { 'given-dose': 40 } }]);
  });

  it('is the default where they tell nothing, which is doubtful', () => {
    const [control] = planned('T1 +C low dose').shown();
    expect(control).toMatchObject({ value: 25, told: { doubtful: true } });
  });
});
