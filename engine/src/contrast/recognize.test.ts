import { describe, expect, it } from 'vitest';
import { isSynthetic, recognize } from './recognize';
import type { SeriesAttributes } from './SeriesAttributes';

const described = (SeriesDescription: string, more: SeriesAttributes = {}) =>
  recognize({ Modality: 'MR', SeriesDescription, ...more });

describe('recognize', () => {
  it.each([
    // Siemens
    ['t1_mprage_sag_p2_iso', 't1'],
    ['t1_mprage_tra_KM', 't1ce'],
    ['t1_mpr_ns_sag_pat2_iso_post_gd', 't1ce'],
    ['t2_tse_tra_320', 't2'],
    ['t2_space_dark-fluid_sag_p2_iso', 'flair'],
    ['t2_tirm_tra_dark-fluid_fs', 'flair'],
    // GE
    ['Ax T2 PROPELLER', 't2'],
    ['Ax T2 FLAIR', 'flair'],
    ['Ax T1 FLAIR', 't1'],
    ['Sag T1 FSE', 't1'],
    ['Ax T1 +C', 't1ce'],
    ['AX 3D BRAVO POST', 't1ce'],
    ['Ax FSPGR 3D', 't1'],
    ['Sag CUBE T2', 't2'],
    ['Sag CUBE FLAIR', 'flair'],
    // Philips
    ['T1W_SE', 't1'],
    ['T1W_3D_TFE_GADO', 't1ce'],
    ['T2W_TSE', 't2'],
    ['FLAIR_longTR', 'flair'],
    ['3D_FLAIR', 'flair'],
    // other words for contrast agent
    ['T1 axial post contrast', 't1ce'],
    ['AX T1 WITH CONTRAST', 't1ce'],
    ['T1 nach KM', 't1ce'],
    ['T1 apres gado', 't1ce'],
    ['T1 con contraste', 't1ce'],
    ['T1+Gd', 't1ce'],
    ['T1 +K', 't1ce'],
    ['T1c', 't1ce'],
    ['T1Gd', 't1ce'],
    ['T1CE', 't1ce'],
    // and for none
    ['AX T1 PRE', 't1'],
    ['T1 pre contrast', 't1'],
    ['AX T1 W/O CONTRAST', 't1'],
    ['T1 without contrast', 't1'],
    ['T1 nativ', 't1'],
  ])('takes “%s” as %s', (description, contrast) => {
    const { contrast: found, refused, reasons } = described(description);
    expect([found, refused]).toEqual([contrast, undefined]);
    expect(reasons[0]).toContain('SeriesDescription');
    expect(reasons[0]).toContain(description);
  });

  it.each([
    'ep2d_diff_3scan_trace',
    'DWI b1000',
    'ADC (10^-6 mm2/s)',
    'SWI_Images',
    'T2* GRE',
    'T2star',
    'perfusion_T1',
    'localizer',
    '3-plane Loc',
    'Survey',
    'TOF_3D_multi-slab',
    'T1 subtraction',
    'T1 MIP',
    'Phoenix',
    '',
  ])('does not propose “%s”', description => {
    const { contrast, refused, reasons } = described(description);
    expect([contrast, refused]).toEqual([null, undefined]);
    expect(reasons).toHaveLength(1);
  });

  it('falls back to ProtocolName and says so', () => {
    const { contrast, reasons } = described('brain', { ProtocolName: 't2_tse' });
    expect(contrast).toBe('t2');
    expect(reasons[0]).toContain('ProtocolName');
  });

  it('believes SeriesDescription before ProtocolName', () => {
    expect(described('FLAIR', { ProtocolName: 'T1' }).contrast).toBe('flair');
  });

  it('reads an agent for a T1 only and gives it as a reason', () => {
    const agent = { ContrastBolusAgent: 'Gadovist 7.5 ml' };
    const { contrast, reasons } = described('t1_mprage', agent);
    expect(contrast).toBe('t1ce');
    expect(reasons.join(' ')).toContain('Gadovist 7.5 ml');
    expect(described('t2_tse', agent).contrast).toBe('t2');
    expect(described('FLAIR', agent).contrast).toBe('flair');
    expect(described('T1 pre', agent).contrast).toBe('t1');
  });

  it.each(['', '  ', 'NO', 'None', 'n'])('takes the agent “%s” as none', ContrastBolusAgent => {
    expect(described('t1_mprage', { ContrastBolusAgent }).contrast).toBe('t1');
  });

  it('refuses what is not MR', () => {
    const { contrast, refused } = recognize({ Modality: 'CT', SeriesDescription: 'T1' });
    expect(contrast).toBeNull();
    expect(refused).toContain('CT');
  });

  it('refuses a synthetic series by its tag and by its name', () => {
    for (const attributes of [
      { SeriesDescription: 'T1', SyntheticData: 'YES' },
      { SeriesDescription: 'SYNTHETIC FLAIR (CDM)' },
      { SeriesDescription: ' Synthetic T2' },
    ]) {
      const { contrast, refused } = recognize({ Modality: 'MR', ...attributes });
      expect(contrast).toBeNull();
      expect(refused).toMatch(/synthetic/i);
    }
  });

  it('answers for a series without attributes', () => {
    expect(recognize({})).toMatchObject({ contrast: null });
  });
});

describe('isSynthetic', () => {
  it('believes YES, and a name only when it begins so', () => {
    expect(isSynthetic({ SyntheticData: 'YES' })).toBe(true);
    expect(isSynthetic({ SyntheticData: 'NO' })).toBe(false);
    expect(isSynthetic({ synthesizingEquipment: true })).toBe(true);
    expect(isSynthetic({ ImageType: ['DERIVED', 'SECONDARY', 'SYNTHETIC'] })).toBe(true);
    expect(isSynthetic({ ImageType: ['DERIVED', 'SECONDARY', 'OTHER'] })).toBe(false);
    expect(isSynthetic({ SeriesDescription: 'T1 photosynthetic' })).toBe(false);
    expect(isSynthetic({ SyntheticData: 'NO', SeriesDescription: 'synthetic t1' })).toBe(true);
  });
});
