import type { Dataset } from '../dicom/Dataset';

/**
 * Classic single-frame images as one Enhanced MR image (PS3.3 A.36): plane, rescale and timing move into
 * the functional
 * groups, frames in the order given.
 */
export function enhanced(images: readonly Dataset[]): Dataset {
  const [first] = images;
  const {
    PixelSpacing,
    SliceThickness,
    ImageOrientationPatient,
    ImagePositionPatient: _,
    RescaleSlope: __,
    RescaleIntercept: ___,
    EchoTime: ____,
    RepetitionTime,
    InstanceNumber: _____,
    ...whole
  } = first;
  const pixels = images.map(i => new Uint8Array(i.PixelData as ArrayBuffer));
  const PixelData = new Uint8Array(pixels.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const frame of pixels) {
    PixelData.set(frame, at);
    at += frame.length;
  }
  return {
    ...whole,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4.1',
    InstanceNumber: 1,
    NumberOfFrames: images.length,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing, SliceThickness }],
        PlaneOrientationSequence: [{ ImageOrientationPatient }],
        MRTimingAndRelatedParametersSequence: [{ RepetitionTime }],
      },
    ],
    PerFrameFunctionalGroupsSequence: images.map((image, n) => ({
      FrameContentSequence: [
        { StackID: '1', InStackPositionNumber: n + 1, DimensionIndexValues: [1, n + 1] },
      ],
      PlanePositionSequence: [{ ImagePositionPatient: image.ImagePositionPatient }],
      PixelValueTransformationSequence: [
        {
          RescaleSlope: image.RescaleSlope ?? 1,
          RescaleIntercept: image.RescaleIntercept ?? 0,
          RescaleType: 'US',
        },
      ],
      MREchoSequence: [{ EffectiveEchoTime: image.EchoTime }],
    })),
    PixelData: PixelData.buffer,
  };
}
