import { describe, expect, it } from 'vitest';
import { seriesAttributes } from './seriesAttributes';

describe('seriesAttributes', () => {
  it('reads text, numbers and lists', () => {
    expect(
      seriesAttributes({
        Modality: 'MR',
        SeriesDescription: 't1',
        ProtocolName: 'p',
        ImageType: ['ORIGINAL', 'PRIMARY'],
        ContrastBolusAgent: 'Gd',
        RepetitionTime: '2200.5',
        EchoTime: 3,
        InversionTime: [900],
        SyntheticData: 'NO',
      }),
    ).toEqual({
      Modality: 'MR',
      SeriesDescription: 't1',
      ProtocolName: 'p',
      ImageType: ['ORIGINAL', 'PRIMARY'],
      ContrastBolusAgent: 'Gd',
      RepetitionTime: 2200.5,
      EchoTime: 3,
      InversionTime: 900,
      SyntheticData: 'NO',
    });
  });

  it('sees a synthesizing equipment, in a list or alone, and no other', () => {
    const equipment = (CodeValue: string, CodingSchemeDesignator = 'DCM') => ({
      PurposeOfReferenceCodeSequence: [{ CodeValue, CodingSchemeDesignator }],
    });
    const seen = (ContributingEquipmentSequence: unknown) =>
      seriesAttributes({ ContributingEquipmentSequence }).synthesizingEquipment;
    expect(seen([equipment('109101'), equipment('109100')])).toBe(true);
    expect(seen(equipment('109100'))).toBe(true);
    expect(seen([equipment('109101')])).toBeUndefined();
    expect(seen([equipment('109100', '99X')])).toBeUndefined();
    expect(seen([{}])).toBeUndefined();
  });

  it("reads GE's private element where its block says whose it is", () => {
    const component = (value: unknown, creator = 'GEMS_PARM_01') =>
      seriesAttributes({ '00430010': creator, '0043102F': value }).ComplexImageComponent;
    expect([0, 1, 2, 3, 4].map(value => component(value))).toEqual([
      'MAGNITUDE',
      'PHASE',
      'REAL',
      'IMAGINARY',
      undefined,
    ]);
    expect(component([new Uint8Array([2, 0]).buffer])).toBe('REAL');
    expect(component(2, 'SOMEBODY ELSE')).toBeUndefined();
    expect(seriesAttributes({ ComplexImageComponent: 'MIXED' }).ComplexImageComponent).toBe('MIXED');
  });

  it('takes the inversion time that is one', () => {
    const time = (InversionTimes: unknown) => seriesAttributes({ InversionTimes }).InversionTime;
    expect(time([0, 2500])).toBe(2500);
    expect(time(2500)).toBe(2500);
    expect(time(['1.8e308'])).toBeUndefined();
    expect(time([0, 1.7e308])).toBeUndefined();
    expect(seriesAttributes({ InversionTime: 0 }).InversionTime).toBeUndefined();
  });

  it('leaves absent and empty values undefined', () => {
    const values = Object.values(
      seriesAttributes({ SeriesDescription: null, EchoTime: '', RepetitionTime: 'n/a' }),
    );
    expect(values.every(v => v === undefined)).toBe(true);
  });

  it('splits a list given as one string', () => {
    expect(seriesAttributes({ ImageType: 'DERIVED\\SECONDARY' }).ImageType).toEqual(['DERIVED', 'SECONDARY']);
  });

  it('finds SyntheticData under its tag', () => {
    expect(seriesAttributes({ '0008001C': ['YES'] }).SyntheticData).toBe('YES');
    expect(seriesAttributes({ SyntheticData: ['YES'] }).SyntheticData).toBe('YES');
  });
});

describe('seriesAttributes of an enhanced image', () => {
  it('reads what its functional groups and modules say instead', () => {
    expect(
      seriesAttributes({
        EchoPulseSequence: 'SPIN',
        InversionRecovery: 'YES',
        EchoPlanarPulseSequence: 'NO',
        SteadyStatePulseSequence: 'NONE',
        Spoiling: 'RF',
        EffectiveEchoTime: 120,
        InversionTimes: [2500],
        AcquisitionContrast: 'FLUID_ATTENUATED',
        ContrastBolusAgentSequence: [{ CodeMeaning: 'Gadobutrol' }],
      }),
    ).toMatchObject({
      ScanningSequence: ['SE', 'IR'],
      SequenceVariant: ['SP'],
      EchoTime: 120,
      InversionTime: 2500,
      AcquisitionContrast: 'FLUID_ATTENUATED',
      ContrastBolusAgent: 'Gadobutrol',
    });
  });

  it('knows an echo planar image, and one before its agent', () => {
    const { ScanningSequence, ContrastBolusAgent } = seriesAttributes({
      EchoPulseSequence: 'GRADIENT',
      EchoPlanarPulseSequence: 'YES',
      ContrastBolusAgentSequence: [{ CodeMeaning: 'Gadobutrol' }],
      ContrastBolusUsageSequence: [{ ContrastBolusAgentAdministered: 'NO' }],
    });
    expect(ScanningSequence).toEqual(['GR', 'EP']);
    expect(ContrastBolusAgent).toBeUndefined();
  });

  it('reads the functional groups all frames share', () => {
    expect(
      seriesAttributes({
        SharedFunctionalGroupsSequence: [
          {
            MRTimingAndRelatedParametersSequence: [{ RepetitionTime: 9000, FlipAngle: 150 }],
            MREchoSequence: [{ EffectiveEchoTime: 120 }],
            MRModifierSequence: [{ InversionRecovery: 'YES', InversionTimes: 2500 }],
            FrameAnatomySequence: [{ AnatomicRegionSequence: [{ CodeMeaning: 'Brain' }] }],
          },
        ],
      }),
    ).toMatchObject({
      RepetitionTime: 9000,
      EchoTime: 120,
      InversionTime: 2500,
      FlipAngle: 150,
      BodyPartExamined: 'Brain',
    });
  });
});
