import { describe, expect, it } from 'vitest';
import { doseOf } from './doseOf';

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
    expect(doseOf({ SeriesDescription })).toBe(percent);
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
      expect(doseOf({ ContrastBolusAgent, ContrastBolusVolume, PatientWeight })).toBe(percent);
      const total = { ContrastBolusTotalDose: ContrastBolusVolume, ContrastBolusVolume: 99 };
      if (ContrastBolusVolume) expect(doseOf({ ContrastBolusAgent, ...total, PatientWeight })).toBe(percent);
    },
  );

  it('believes the name before the volume', () => {
    const given = { ContrastBolusAgent: 'DOTAREM', ContrastBolusVolume: 8, PatientWeight: 80 };
    expect(doseOf({ SeriesDescription: 'T1 +C 25% dose', ...given })).toBe(25);
    expect(doseOf({ SeriesDescription: 'T1 +C low dose', ...given })).toBe(50);
  });
});
