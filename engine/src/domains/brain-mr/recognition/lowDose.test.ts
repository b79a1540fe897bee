import { describe, expect, it } from 'vitest';
import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { coded } from '../../../testing/coded';
import { recognizeStudy } from './recognizeStudy';

const recognized = (...all: (string | SeriesAttributes)[]) =>
  recognizeStudy(
    all.map((one, n) => ({
      SeriesInstanceUID: `1.${n}`,
      attributes: { Modality: 'MR', ...(typeof one === 'string' ? { SeriesDescription: one } : one) },
    })),
  );
const roleOf = (one: string | SeriesAttributes) => recognized(one)[0].role;

describe('a T1 after less of the agent', () => {
  it.each([
    'T1 MPRAGE +C low dose',
    'Ax T1 post Gd LOW-DOSE',
    'T1 post gad 1/4 dose',
    'T1 3D post 10% dose',
    'T1 +C 25 % of full dose',
    'T1 MPR post gd dose 50%',
    't1_mprage_km_halbe_dosis',
    't1_mpr_gd_niedrigdosis',
    'T1 gado demi-dose',
    'T1 con gd dosis baja',
    'T1 +C reduced contrast dose',
  ])('is not the one after the full dose: %s', name => {
    expect(roleOf(name)).toBe('t1ce-low');
  });

  it.each([
    'T1 MPRAGE +C',
    'T1 +C full dose',
    'T1 post Gd double dose',
    'T1 post gd 2nd dose',
    'T1 +C 100% dose',
    'T1 post single dose',
    'T1 +C low res',
  ])('is told from one after the full dose: %s', name => {
    expect(roleOf(name)).toBe('t1ce');
  });

  it('is found by the protocol too, and is doubtful where only the dose is told', () => {
    expect(roleOf({ SeriesDescription: 'T1 +C', ProtocolName: 'low dose gad' })).toBe('t1ce-low');
    const [one] = recognized('T1 MPRAGE low dose');
    expect(coded(one)).toMatchObject({ role: 't1ce-low', confidence: 'low' });
    expect(coded(one.reasons).at(-1)).toMatch(/^brain-mr\/recognition\/low-dose/);
  });

  it('leaves T1 before the agent, T2 and FLAIR as they are', () => {
    expect(recognized('T1 pre low dose protocol', 'T2 low dose', 'FLAIR low dose').map(r => r.role)).toEqual([
      't1',
      't2',
      'flair',
    ]);
  });

  it('stands beside the one after the full dose', () => {
    expect(recognized('T1', 'T1 +C 25% dose', 'T1 +C').map(r => r.role)).toEqual(['t1', 't1ce-low', 't1ce']);
  });

  const GADOBUTROL = { ContrastBolusAgent: 'Gadobutrol', PatientWeight: 80 };
  const after = (ContrastBolusVolume: number, AcquisitionTime?: string, name = 'T1 +C') => ({
    ...GADOBUTROL,
    ...{ SeriesDescription: name, ContrastBolusVolume, AcquisitionTime },
  });

  it('is told by a small amount, and offered for one that some sites usually give', () => {
    const [small] = recognized(after(2));
    expect(small).toMatchObject({ role: 't1ce-low', confidence: 'low' });
    const [half] = recognized(after(4));
    expect(half).toMatchObject({ role: 't1ce', maybe: { role: 't1ce-low' } });
    expect(recognized(after(8))[0].maybe).toBeUndefined();
  });

  it('is the earlier of two, before which less was given', () => {
    const roles = (...all: SeriesAttributes[]) => recognized('T1', ...all).map(({ role }) => role);
    const unknown = { ContrastBolusAgent: 'agent' };
    const [first, second] = [
      { ...after(5, '100000', 'T1 +C a'), ...unknown },
      { ...after(10, '101500', 'T1 +C b'), ...unknown },
    ];
    expect(roles(first, second)).toEqual(['t1', 't1ce-low', 't1ce']);
    // More was added later.
    expect(roles({ ...first, AcquisitionTime: '103000' }, second)).toEqual(['t1', 't1ce', 't1ce']);
    expect(roles({ ...first, AcquisitionTime: undefined }, second)).toEqual(['t1', 't1ce', 't1ce']);
    expect(roles({ ...first, ContrastBolusVolume: 9 }, second)).toEqual(['t1', 't1ce', 't1ce']);
  });

  it('is offered where there are two, and none is told', () => {
    const offered = (...all: string[]) => recognized(...all).map(({ maybe }) => maybe?.role);
    expect(offered('T1', 'T1 +C', 'T1 +C 2')).toEqual([undefined, 't1ce-low', 't1ce-low']);
    expect(offered('T1', 'T1 +C')).toEqual([undefined, undefined]);
    expect(offered('T1 +C low dose', 'T1 +C', 'T1 +C 2')).toEqual([undefined, undefined, undefined]);
  });
});
