import { describe, expect, it } from 'vitest';
import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { coded } from '../../../testing/coded';
import { recognize } from './recognize';

const described = (SeriesDescription: string, more: SeriesAttributes = {}) =>
  coded(recognize({ Modality: 'MR', SeriesDescription, ...more }));

const FLAIR_TIMING = {
  RepetitionTime: 9000,
  EchoTime: 120,
  InversionTime: 2500,
  ScanningSequence: ['SE', 'IR'],
};
const T1_TIMING = { RepetitionTime: 500, EchoTime: 12, ScanningSequence: ['SE'] };

describe('recognize by names', () => {
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
    ['Ax T1 +C', 't1ce'],
    ['AX 3D BRAVO POST', 't1ce'],
    ['Ax FSPGR 3D', 't1'],
    ['Sag CUBE T2', 't2'],
    // Philips
    ['T1W_SE', 't1'],
    ['T1W_3D_TFE_GADO', 't1ce'],
    ['FLAIR_longTR', 'flair'],
    ['3D_FLAIR', 'flair'],
    // other words for the agent
    ['T1 axial post contrast', 't1ce'],
    ['T1 nach KM', 't1ce'],
    ['T1 après injection', 't1ce'],
    ['T1 con contraste', 't1ce'],
    ['T1 dopo mdc', 't1ce'],
    ['T1 PÓS-CONTRASTE', 't1ce'],
    ['T1+Gd', 't1ce'],
    ['T1 +K', 't1ce'],
    ['T1c', 't1ce'],
    ['T1Gd', 't1ce'],
    ['T1CE', 't1ce'],
    ['T1 SAG C', 't1ce'],
    // and for none
    ['AX T1 PRE', 't1'],
    ['T1 pre contrast', 't1'],
    ['AX T1 W/O CONTRAST', 't1'],
    ['T1 without contrast', 't1'],
    ['T1 nativ', 't1'],
    ['T1 sin contraste', 't1'],
    ['T1 sans gado', 't1'],
    ['T1 utan kontrast', 't1'],
    ['T1 C-', 't1'],
  ])('takes “%s” as %s, less sure without times', (description, role) => {
    const { role: found, confidence, refused, reasons } = described(description);
    expect([found, refused]).toEqual([role, undefined]);
    expect(confidence).not.toBe('high');
    expect(reasons[0]).toContain('brain-mr/recognition/says(brain-mr/name/description, "');
    expect(reasons).toContain('brain-mr/recognition/no-times');
  });

  it('falls back to ProtocolName and says so', () => {
    const { role, reasons } = described('brain', { ProtocolName: 't2_tse' });
    expect(role).toBe('t2');
    expect(reasons[0]).toContain('brain-mr/recognition/says(brain-mr/name/protocol, "t2")');
  });

  it('believes SeriesDescription before ProtocolName, which may be a whole examination', () => {
    expect(described('FLAIR', { ProtocolName: 'T1' }).role).toBe('flair');
    expect(described('AX T2', { ProtocolName: 'Brain+MRA' }).role).toBe('t2');
  });

  it('does not tell what names nothing', () => {
    for (const result of [described(''), described('brain'), recognize({})]) {
      expect(result).toMatchObject({ role: null, confidence: null });
      expect(result.reasons).toHaveLength(1);
    }
  });

  it.each([
    ['T2* GRE', 't2star'],
    ['PD TSE', 'pd'],
    ['COR STIR', 'stir'],
    ['3D FIESTA', 'ciss'],
  ])('does not propose “%s” and says what it is', (name, weighting) => {
    const { role, refused, reasons } = described(name);
    expect([role, refused]).toEqual([null, undefined]);
    expect(reasons[0]).toContain(`brain-mr/recognition/none-of-four(brain-mr/weighting/${weighting}, `);
  });
});

describe('recognize by times', () => {
  it('is sure where times and names agree', () => {
    expect(described('t2_tirm_tra_dark-fluid', FLAIR_TIMING)).toEqual({
      role: 'flair',
      confidence: 'high',
      reasons: [
        'brain-mr/recognition/contrast(role/flair, brain-mr/recognition/ti-and-tr(2500, 9000), ' +
          'brain-mr/recognition/says(brain-mr/name/description, "dark fluid"))',
      ],
    });
  });

  it('needs no name where the times belong to one contrast alone', () => {
    expect(described('series 4', FLAIR_TIMING)).toMatchObject({ role: 'flair', confidence: 'medium' });
  });

  it('needs a name where other images have the same times', () => {
    const angiogram = { RepetitionTime: 25, EchoTime: 3.5, FlipAngle: 20, ScanningSequence: ['GR'] };
    const { role, reasons } = described('series 4', angiogram);
    expect(role).toBeNull();
    expect(reasons).toEqual([
      'brain-mr/recognition/ambiguous-times(brain-mr/recognition/te-and-tr(3.5, 25), brain-mr/weighting/t1)',
    ]);
    expect(described('3D T1', angiogram).role).toBe('t1');
  });

  it('puts times before names and says the disagreement', () => {
    const { role, confidence, reasons } = described('Ax FLAIR', T1_TIMING);
    expect([role, confidence]).toEqual(['t1', 'low']);
    expect(reasons).toContain(
      'brain-mr/recognition/times-contradict(brain-mr/name/description-first, "flair", brain-mr/weighting/t1)',
    );
  });

  it.each([undefined, 0, 1.7e308])('takes a TI of %s for none: then the name tells', InversionTime => {
    const long = { RepetitionTime: 9000, EchoTime: 120, InversionTime };
    const inverted = { ...long, ScanningSequence: ['SE', 'IR'] };
    expect(described('AX FLAIR', inverted)).toMatchObject({ role: 'flair', confidence: 'high' });
    expect(described('AX FLAIR', { ...long, ScanningSequence: ['RM'] })).toMatchObject({
      role: 'flair',
      confidence: 'medium',
    });
    expect(described('AX T2', { ...long, ScanningSequence: ['SE'] })).toMatchObject({ role: 't2' });
    expect(described('AX T2', inverted)).toMatchObject({ confidence: 'low', alternatives: ['t2'] });
    expect(described('series 4', inverted)).toMatchObject({ role: null, alternatives: ['flair'] });
    const acquired = { AcquisitionContrast: 'FLUID_ATTENUATED', ...long };
    expect(described('series 4', acquired).role).toBe('flair');
    const short = { RepetitionTime: 2560, EchoTime: 24, InversionTime, ScanningSequence: ['RM'] };
    expect(described('Ax T1 FLAIR', short)).toMatchObject({ role: 't1', confidence: 'medium' });
    expect(described('Ax T1 FLAIR +C', short)).toMatchObject({ role: 't1ce', confidence: 'medium' });
    expect(described('Ax STIR', { ...short, EchoTime: 60 }).role).toBeNull();
  });

  it('is not sure where AcquisitionContrast denies it', () => {
    const given = { ...T1_TIMING, ContrastBolusAgent: 'Gadovist' };
    expect(described('AX T1', { ...given, AcquisitionContrast: 'T1' }).confidence).toBe('high');
    expect(described('AX T1', { ...given, AcquisitionContrast: 'T2' }).confidence).toBe('medium');
    expect(described('AX T1', { ...given, AcquisitionContrast: 'UNKNOWN' }).confidence).toBe('high');
    // Times that no FLAIR has.
    const odd = { ...given, EchoTime: 10, ScanningSequence: ['GR'], AcquisitionContrast: 'FLUID_ATTENUATED' };
    expect(described('AX FLAIR', odd)).toMatchObject({ role: 'flair', confidence: 'medium' });
  });

  it('asks at a field where T1 is short', () => {
    const low = { RepetitionTime: 1500, EchoTime: 6, InversionTime: 300, ScanningSequence: ['SE', 'IR'] };
    expect(described('T1 AXI', low)).toMatchObject({ role: 't1', confidence: 'low' });
    expect(described('series 4', low)).toMatchObject({ role: null, confidence: null });
  });

  it('takes no times that no spin echo has', () => {
    const seconds = { RepetitionTime: 9, EchoTime: 0.12, InversionTime: 2.5, ScanningSequence: ['SE'] };
    expect(described('AX FLAIR', seconds)).toMatchObject({ role: 'flair', confidence: 'medium' });
  });

  it.each(['FGATIR', 'SAG MPRAGE WMn', 't1_WhiteMatterNull_sag', '3D MPRAGE'])(
    'takes “%s” with white matter nulled for no T1',
    name => {
      const nulled = {
        RepetitionTime: 3000,
        EchoTime: 4.4,
        InversionTime: 410,
        ScanningSequence: ['GR', 'IR'],
      };
      const { role, reasons } = described(name, nulled);
      expect(role).toBeNull();
      expect(reasons[0]).toContain('none-of-four(brain-mr/weighting/white-matter-nulled, ');
    },
  );

  it('drops a name the times deny altogether', () => {
    const { role, reasons } = described('t2_fl2d', {
      RepetitionTime: 900,
      EchoTime: 26,
      ScanningSequence: ['GR'],
    });
    expect(role).toBeNull();
    expect(reasons[0]).toContain('brain-mr/recognition/none-of-four(brain-mr/weighting/t2star, ');
  });
});

describe('recognize and the agent', () => {
  const agent = { ContrastBolusAgent: 'Gadovist 7.5 ml' };

  it('reads an agent for a T1 only and gives it as a reason', () => {
    const { role, confidence, reasons } = described('t1_se', { ...agent, ...T1_TIMING });
    expect([role, confidence]).toEqual(['t1ce', 'high']);
    expect(reasons.join(' ')).toContain('brain-mr/recognition/agent("Gadovist 7.5 ml")');
    expect(described('t2_tse', agent).role).toBe('t2');
    expect(described('FLAIR', agent).role).toBe('flair');
    expect(described('T1 pre', agent).role).toBe('t1');
  });

  it('asks the time of the bolus', () => {
    const at = (AcquisitionTime: string) =>
      described('t1_se', { ...agent, ContrastBolusStartTime: '101500', AcquisitionTime }).role;
    expect(at('101459.5')).toBe('t1');
    expect(at('101501')).toBe('t1ce');
  });

  it.each(['', '  ', 'NO', 'None', 'n'])('takes the agent “%s” as none', ContrastBolusAgent => {
    expect(described('t1_mprage', { ContrastBolusAgent }).role).toBe('t1');
  });

  it('says when nothing tells whether one was given', () => {
    const { confidence, reasons } = described('t1_se', T1_TIMING);
    expect(confidence).toBe('medium');
    expect(reasons).toContain('brain-mr/recognition/agent-unknown');
  });

  it('takes a name with before and after for neither', () => {
    expect(described('T1 post - T1 pre').role).toBeNull();
  });
});

describe('recognize refuses', () => {
  it.each([
    ['ep2d_diff_3scan_trace', 'diffusion'],
    ['DWI b1000', 'diffusion'],
    ['ADC (10^-6 mm2/s)', 'adc'],
    ['perfusion_T1', 'perfusion'],
    ['SWI_Images', 'susceptibility'],
    ['TOF_3D_multi-slab', 'angiogram'],
    ['T1 MIP', 'intensity-projection'],
    ['localizer', 'localizer'],
    ['3-plane Loc', 'localizer'],
    ['Survey', 'localizer'],
    ['T2 C-Spine sag', 'spine'],
    ['T1 subtraction', 'subtraction'],
    ['axial_t1_mprage_post_gad_SUB', 'subtraction'],
    ['Phoenix', 'screen'],
    ['SyMRI T1', 'computed'],
    ['T1_PSIR_TSE', 'phase-sensitive-inversion-recovery'],
    ['t2_spc_db_ir', 'double-inversion-recovery'],
    ['T1 Knie', 'body'],
    ['T2 cisternography', 'cisternography'],
  ])('“%s” as %s', (description, kind) => {
    const { role, refused } = described(description);
    expect(role).toBeNull();
    expect(refused).toContain(
      `brain-mr/exclusion/kind(brain-mr/kind/${kind}, brain-mr/recognition/says(brain-mr/name/description, "`,
    );
  });

  it.each([
    ['what is not MR', { Modality: 'CT' }, 'brain-mr/exclusion/modality("CT")'],
    ['a series of MR and another', { Modality: 'MR\\CT\\OT' }, 'brain-mr/exclusion/modality("CT")'],
    [
      'a secondary capture',
      { SOPClassUID: '1.2.840.10008.5.1.4.1.1.7' },
      'brain-mr/exclusion/secondary-capture',
    ],
    [
      'by ImageType',
      { ImageType: ['DERIVED', 'PRIMARY', 'ADC'] },
      'brain-mr/exclusion/image-type(brain-mr/kind/adc, "ADC")',
    ],
    [
      'by SequenceName',
      { SequenceName: '*ep_b1000' },
      'brain-mr/exclusion/pulse-sequence(brain-mr/kind/diffusion, "*ep_b1000")',
    ],
    ['what is echo planar', { ScanningSequence: ['SE', 'EP'] }, 'brain-mr/exclusion/echo-planar'],
    ['what GE calls echo planar', { ScanOptions: ['EPI_GEMS'] }, 'brain-mr/exclusion/echo-planar-ge'],
    [
      'by AcquisitionContrast',
      { AcquisitionContrast: 'TIME_OF_FLIGHT' },
      'brain-mr/exclusion/acquisition-contrast(brain-mr/kind/angiogram, "TIME_OF_FLIGHT")',
    ],
    [
      'the spine by BodyPartExamined',
      { BodyPartExamined: 'CSPINE' },
      'brain-mr/exclusion/body-part(brain-mr/kind/spine, "CSPINE")',
    ],
    [
      'the spine by its protocol',
      { ProtocolName: 'L-Spine routine' },
      'brain-mr/exclusion/kind(brain-mr/kind/spine, brain-mr/recognition/says(brain-mr/name/protocol, "spine"))',
    ],
    ['what is synthetic by its tag', { SyntheticData: 'YES' }, 'brain-mr/exclusion/synthetic'],
    ['what is synthetic by its name', { SeriesDescription: ' Synthetic T2' }, 'brain-mr/exclusion/synthetic'],
  ] as const)('%s', (_, more, refused) => {
    expect(described('T1', more)).toMatchObject({ role: null, refused });
  });

  it('no series because it is DERIVED\\SECONDARY alone', () => {
    expect(described('T1', { ImageType: ['DERIVED', 'SECONDARY', 'OTHER'] })).toMatchObject({
      role: 't1',
    });
  });

  it('no other part of the body, which is often mistyped, but leaves it to the person', () => {
    const { role, refused, reasons } = described('T1', { BodyPartExamined: 'SHOULDER' });
    expect([role, refused]).toEqual([null, undefined]);
    expect(reasons).toEqual(['brain-mr/recognition/body-part("SHOULDER")']);
    expect(described('T1', { BodyPartExamined: 'SHOULDER' }).alternatives).toEqual(['t1', 't1ce']);
    expect(described('DWI', { BodyPartExamined: 'SHOULDER' }).refused).toBeTruthy();
  });

  it('no spin echo as an image of the spine', () => {
    expect(described('T1 SpinEcho').role).toBe('t1');
  });
});

describe('recognize and reformats', () => {
  it.each([
    ['ImageType', 'T1', { ImageType: ['DERIVED', 'SECONDARY', 'MPR'] }],
    ['a name', 'Cor FLAIR Recon', {}],
    ['its end', 't1_mprage_sag_MPR_tra', {}],
  ])('knows one by %s', (_, description, more) => {
    expect(described(description, more).reformat).toBeTruthy();
  });

  it('takes t1_mpr for an MPRAGE where the image is ORIGINAL', () => {
    expect(described('t1_mpr_sag', { ImageType: ['ORIGINAL', 'PRIMARY', 'M'] }).reformat).toBeUndefined();
  });
});
