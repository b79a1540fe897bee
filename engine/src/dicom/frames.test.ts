import { describe, expect, it } from 'vitest';
import { framesOf } from './frames';

const enhanced = {
  SOPInstanceUID: '1.2.3',
  PatientName: 'P',
  NumberOfFrames: 2,
  ImageType: ['ORIGINAL', 'PRIMARY', 'MIXED'],
  SharedFunctionalGroupsSequence: [
    {
      PixelMeasuresSequence: [{ PixelSpacing: [2, 3], SliceThickness: 4 }],
      PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
      PixelValueTransformationSequence: [{ RescaleSlope: 9, RescaleIntercept: 0 }],
      MRTimingAndRelatedParametersSequence: [{ RepetitionTime: 4000 }],
      ReferencedImageSequence: [{ SOPInstanceUID: 'not ours' }],
    },
  ],
  PerFrameFunctionalGroupsSequence: [1, 2].map(n => ({
    PlanePositionSequence: [{ ImagePositionPatient: [0, 0, 5 * n] }],
    PixelValueTransformationSequence: [{ RescaleSlope: n, RescaleIntercept: -n }],
    MREchoSequence: [{ EffectiveEchoTime: 10 * n }],
    MRModifierSequence: [{ InversionTimes: [900] }],
    MRImageFrameTypeSequence: [{ FrameType: ['ORIGINAL', 'PRIMARY', 'T1'] }],
  })),
};

describe('framesOf', () => {
  it('gives each frame its own plane, rescale and timing', () => {
    const frames = framesOf(enhanced);
    expect(frames).toHaveLength(2);
    expect(frames[1]).toMatchObject({
      SOPInstanceUID: '1.2.3',
      PatientName: 'P',
      ReferencedFrameNumber: 2,
      PixelSpacing: [2, 3],
      SliceThickness: 4,
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      ImagePositionPatient: [0, 0, 10],
      RescaleSlope: 2,
      RescaleIntercept: -2,
      RepetitionTime: 4000,
      EchoTime: 20,
      InversionTime: [900],
      ImageType: ['ORIGINAL', 'PRIMARY', 'T1'],
    });
    expect(Object.keys(frames[0]).filter(k => /Sequence|NumberOfFrames/.test(k))).toEqual([]);
  });

  it('reads an enhanced image of one frame', () => {
    const [only] = framesOf({
      ...enhanced,
      NumberOfFrames: undefined,
      PerFrameFunctionalGroupsSequence: enhanced.PerFrameFunctionalGroupsSequence.slice(0, 1),
    });
    expect(only).toMatchObject({ ImagePositionPatient: [0, 0, 5], ReferencedFrameNumber: 1 });
  });

  it.each([
    ['a classic image', { Rows: 3, ImagePositionPatient: [0, 0, 0] }],
    ['a multi-frame image without functional groups', { NumberOfFrames: 3 }],
    ['functional groups for fewer frames', { ...enhanced, NumberOfFrames: 3 }],
    ['functional groups for fewer frames by far', { ...enhanced, NumberOfFrames: 2_000_000_000 }],
  ])('leaves %s alone', (_, instance) => {
    expect(framesOf(instance)).toEqual([instance]);
  });
});
