import { describe, expect, it } from 'vitest';
import type { SeriesAttributes } from '../../../dicom/seriesAttributes';
import { coded } from '../../../testing/coded';
import { recognize } from './recognize';

const GRE = {
  Modality: 'MR',
  RepetitionTime: 6.5,
  EchoTime: 2.4,
  FlipAngle: 10,
  ScanningSequence: ['GR'],
  MRAcquisitionType: '3D',
};
const TSE = {
  Modality: 'MR',
  RepetitionTime: 4000,
  EchoTime: 90,
  ScanningSequence: ['SE'],
  EchoTrainLength: 15,
};

const kindOf = (attributes: SeriesAttributes) => {
  const { role, refused, reasons } = coded(recognize({ ...GRE, ...attributes }));
  const said = String(refused ?? reasons.find(reason => reason.includes('recognition/component')) ?? '');
  return [role, /kind\/([a-z0-9-]+)/.exec(said)?.[1]];
};

describe('components by ImageType', () => {
  it.each([
    ['DERIVED\\PRIMARY\\DIXON\\WATER', 't1', 'water'],
    ['DERIVED\\PRIMARY\\DIXON\\IN_PHASE', 't1', 'in-phase'],
    ['DERIVED\\PRIMARY\\DIXON\\OPP_PHASE', null, 'opposed-phase'],
    ['DERIVED\\PRIMARY\\DIXON\\OUT_OF_PHASE', null, 'opposed-phase'],
    ['DERIVED\\PRIMARY\\DIXON\\FAT', null, 'fat'],
    ['DERIVED\\PRIMARY\\DIXON\\FAT_FRACTION', null, 'fat-fraction'],
    ['DERIVED\\PRIMARY\\DIXON\\WATER_FRACTION', null, 'fat-fraction'],
    ['ORIGINAL\\PRIMARY\\W\\W\\DERIVED', 't1', 'water'],
    ['ORIGINAL\\PRIMARY\\F\\F\\DERIVED', null, 'fat'],
    ['ORIGINAL\\PRIMARY\\IP\\IP\\DERIVED', 't1', 'in-phase'],
    ['ORIGINAL\\PRIMARY\\OP\\OP\\DERIVED', null, 'opposed-phase'],
    ['ORIGINAL\\PRIMARY\\FF\\FF\\DERIVED', null, 'fat-fraction'],
    ['ORIGINAL\\PRIMARY\\T1 MAP\\T1\\UNSPECIFIED', null, 'map'],
    ['ORIGINAL\\PRIMARY\\M_FFE\\M\\FFE', 't1', undefined],
    ['ORIGINAL\\PRIMARY\\R_FFE\\R\\FFE', null, 'real'],
    ['ORIGINAL\\PRIMARY\\I_TFE\\I\\TFE', null, 'imaginary'],
    ['ORIGINAL\\PRIMARY\\PHASE MAP\\P\\FFE', null, 'phase'],
    ['ORIGINAL\\PRIMARY\\I\\ND', null, 'imaginary'],
    ['ORIGINAL\\PRIMARY\\REAL', null, 'real'],
    // GE's PROPELLER is reconstructed as a real image; dcm2niix says so.
    ['ORIGINAL\\PRIMARY\\PROPELLER\\NONE\\REAL', 't1', undefined],
    ['DERIVED\\PRIMARY\\M\\ND\\UNI', null, 'mp2rage'],
  ])('%s: %s, %s', (imageType, role, kind) => {
    expect(kindOf({ SeriesDescription: 'T1', ImageType: imageType.split('\\') })).toEqual([role, kind]);
  });
});

describe('components by ComplexImageComponent', () => {
  it.each([
    ['MAGNITUDE', 't1', undefined],
    ['MIXED', 't1', undefined],
    ['REAL', null, 'real'],
    ['IMAGINARY', null, 'imaginary'],
    ['PHASE', null, 'phase'],
  ])('%s: %s', (ComplexImageComponent, role, kind) => {
    const ImageType = ['ORIGINAL', 'PRIMARY', 'OTHER'];
    expect(kindOf({ SeriesDescription: 'AX T1', ImageType, ComplexImageComponent })).toEqual([role, kind]);
  });
});

describe('components by names', () => {
  it.each([
    // Siemens
    ['t1_vibe_dixon_cor_iso_W', 't1', 'water'],
    ['t1_vibe_dixon_cor_iso_in', 't1', 'in-phase'],
    ['t1_vibe_dixon_cor_iso_opp', null, 'opposed-phase'],
    ['t1_vibe_dixon_cor_iso_F_ND', null, 'fat'],
    ['t1_vibe_qdixon_tra_FF', null, 'fat-fraction'],
    ['T1_TSE_DIXON_TRA_FAT', null, 'fat'],
    // GE
    ['WATER: Ax T1 IDEAL', 't1', 'water'],
    ['(FAT) Ax T1 IDEAL', null, 'fat'],
    ['Fat:Ax T1', null, 'fat'],
    ['OutPhase: Ax T1', null, 'opposed-phase'],
    ['Ax T1 Out of Phase', null, 'opposed-phase'],
    ['FatFrac: IDEAL IQ', null, 'fat-fraction'],
    // Philips, United Imaging, Canon
    ['T1W mDIXON TSE water', 't1', 'water'],
    ['t1_quick3d_wfi_tra_F', null, 'fat'],
    ['T1 WFS Fat', null, 'fat'],
    ['T1 Dixon Gegenphase', null, 'opposed-phase'],
    // fat suppression, "with" and follow-up
    ['T1 FAT SAT', 't1', undefined],
    ['AX T1 FAT', 't1', undefined],
    ['AX T1 FATSAT DIXON W', 't1', 'water'],
    ['T1 DIXON post op', 't1', undefined],
    ['T1 DIXON F/U', 't1', undefined],
    // maps, synthetic contrasts, parts of an MP2RAGE
    ['qT1', null, 'map'],
    // Siemens' own name; its pixels tell.
    ['t1_ir_tse_real', 't1', undefined],
    ['R2star', null, 'map'],
    ['MTw_FLASH', null, 'magnetization-transfer'],
    ['SyMRI T1', null, 'computed'],
    ['synthMR T2 FLAIR', null, 'computed'],
    ['t1_UNI-DEN', null, 'mp2rage'],
    ['T1 INV2', null, 'mp2rage'],
  ])('%s: %s', (SeriesDescription, role, kind) => {
    expect(kindOf({ SeriesDescription })).toEqual([role, kind]);
  });

  it('reads a description behind a protocol that says Dixon', () => {
    const of = (SeriesDescription: string, ProtocolName: string) =>
      kindOf({ SeriesDescription, ProtocolName });
    expect(of('T1 tra F', 't1_vibe_dixon_tra')).toEqual([null, 'fat']);
    expect(of('T1 tra W', 't1_vibe_dixon_tra')).toEqual(['t1', 'water']);
    expect(of('Fat', 'Ax T1 LAVA Flex')).toEqual([null, 'fat']);
    expect(of('T1 tra', 't1_vibe_dixon_tra')).toEqual(['t1', undefined]);
    expect(of('T1 tra F', 'Brain routine')).toEqual(['t1', undefined]);
  });

  it('refuses the fat image of a T2', () => {
    expect(coded(recognize({ ...TSE, SeriesDescription: 'T2_TSE_DIXON_F' }))).toMatchObject({
      role: null,
      refused:
        'brain-mr/exclusion/kind(brain-mr/kind/fat, ' +
        'brain-mr/recognition/says(brain-mr/name/description, "f"))',
    });
  });

  it.each(['AX T2 mDIXON', 't2_tse_dixon_W_F_in_opp', 'T2 opp-phase in-phase'])(
    'is not sure of “%s”, which may be a fat image',
    SeriesDescription => {
      const { role, confidence, reasons } = coded(recognize({ ...TSE, SeriesDescription }));
      expect([role, confidence]).toEqual(['t2', 'low']);
      expect(reasons).toContain('brain-mr/recognition/water-or-fat');
    },
  );

  it('takes a T1 with a magnetization transfer pulse after the agent, and no other', () => {
    expect(kindOf({ SeriesDescription: 'T1 MT +C' })).toEqual(['t1ce', undefined]);
    expect(kindOf({ SeriesDescription: 'T1 MT' })).toEqual([null, 'magnetization-transfer']);
  });
});
