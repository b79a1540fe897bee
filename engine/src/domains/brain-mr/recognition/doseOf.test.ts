import { describe, expect, it } from 'vitest';
import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { coded } from '../../../testing/coded';
import { doseOf } from './doseOf';

const told = (attributes: SeriesAttributes, site = {}) => doseOf({ attributes, description: 'T1' }, site);

describe('doseOf', () => {
  it.each([
    ['T1 post gad 1/4 dose', 25],
    ['T1 3D post 10% dose', 10],
    ['T1 +C 0.5 dose', 50],
    ['T1 MPR post gd dose 33%', 33],
    ['t1_mprage_km_halbe_dosis', 50],
    ['T1 gado quarter dose', 25],
    ['T1 +C low dose', undefined],
    ['T1 +C', undefined],
    ['T1 +C 2% dose', undefined],
  ])('of the name %s is %s per cent', (SeriesDescription, percent) => {
    expect(told({ SeriesDescription })).toMatchObject({ doubtful: percent === undefined });
    expect(told({ SeriesDescription }).value).toBe(percent);
  });

  it.each([
    ['Gadobutrol', 2, 80, 25],
    ['DOTAREM', 8, 80, 50],
    ['Elucirem', 2, 80, 25],
    // The usual dose is no smaller one, and of another agent nothing is known.
    ['DOTAREM', 16, 80, undefined],
    ['contrast', 2, 80, undefined],
    ['DOTAREM', 0, 80, undefined],
    ['DOTAREM', 8, undefined, undefined],
  ])(
    'of %s mL and kg: %s, %s is %s per cent',
    (ContrastBolusAgent, ContrastBolusVolume, PatientWeight, percent) => {
      expect(told({ ContrastBolusAgent, ContrastBolusVolume, PatientWeight }).value).toBe(percent);
      const total = { ContrastBolusTotalDose: ContrastBolusVolume, ContrastBolusVolume: 99 };
      if (ContrastBolusVolume)
        expect(told({ ContrastBolusAgent, ...total, PatientWeight }).value).toBe(percent);
    },
  );

  const GIVEN = { ContrastBolusAgent: 'DOTAREM', PatientWeight: 80 };
  const NAMED = { SeriesDescription: 'T1 +C 25% dose' };

  it('believes the name before the volume, and says so where they contradict', () => {
    const agreed = told({ ...NAMED, ...GIVEN, ContrastBolusVolume: 5 });
    expect(coded(agreed)).toEqual({
      value: 25,
      text: 'brain-mr/dose/told(25, brain-mr/recognition/says(brain-mr/name/description, "25 dose"))',
      doubtful: false,
    });
    const apart = told({ ...NAMED, ...GIVEN, ContrastBolusVolume: 8 });
    expect(apart).toMatchObject({ value: 25, doubtful: true, text: { code: 'brain-mr/dose/contradiction' } });
    expect(told({ SeriesDescription: 'T1 +C low dose', ...GIVEN, ContrastBolusVolume: 8 })).toMatchObject({
      value: 50,
      doubtful: false,
    });
  });

  it('works the volume out of the flow', () => {
    const flow = { ContrastFlowRate: [1, 0.5], ContrastFlowDuration: [3, 2] };
    expect(told({ ...GIVEN, ...flow }).value).toBe(25);
    expect(told({ ...GIVEN, ContrastFlowRate: [1], ContrastFlowDuration: [3, 2] }).value).toBeUndefined();
  });

  it("measures by the site's own full dose", () => {
    expect(told({ ...GIVEN, ContrastBolusVolume: 4 }, { fullDose: 0.05 }).value).toBe(50);
  });

  it.each<[string, SeriesAttributes, number | undefined]>([
    ['none', { ContrastBolusVolume: 0 }, undefined],
    ['none', { ...NAMED, ContrastBolusTotalDose: 0 }, 25],
    ['none', { ContrastBolusTotalDose: 0, ContrastBolusVolume: 4 }, 25],
    ['not-small', { ContrastBolusVolume: 20 }, undefined],
    ['not-small', { ...NAMED, ContrastBolusVolume: 20 }, 25],
    ['not-small', { ContrastBolusVolume: 0.2 }, undefined],
    ['not-small', { SeriesDescription: 'T1 +C 99% dose', ContrastBolusVolume: 4 }, 25],
    ['amounts-differ', { ContrastBolusTotalDose: 4, ContrastBolusVolume: 8 }, 25],
    ['amounts-differ', { ContrastBolusVolume: 4, ContrastFlowRate: [2], ContrastFlowDuration: [4] }, 25],
    ['untold', {}, undefined],
  ])('doubts, as %s: %j', (code, attributes, value) => {
    const found = told({ ...GIVEN, ...attributes });
    expect(found).toMatchObject({ doubtful: true, text: { code: `brain-mr/dose/${code}` } });
    expect(found.value).toBe(value);
  });
});
