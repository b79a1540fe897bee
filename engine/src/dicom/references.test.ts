import { describe, expect, it } from 'vitest';
import { enhanced } from '../testing/enhanced';
import { referenceInstances } from '../testing/reference';
import type { Dataset } from './Dataset';
import { framesOf } from './frames';
import { planeReference, sourceReferences } from './references';

const t1 = referenceInstances(3);
const flair = referenceInstances(2).map((image, k) => ({
  ...image,
  SOPInstanceUID: `1.2.826.0.8.${k + 1}`,
  SeriesInstanceUID: '1.2.826.0.9',
}));
const pair = ({ SOPClassUID, SOPInstanceUID }: Dataset) => ({
  ReferencedSOPClassUID: SOPClassUID,
  ReferencedSOPInstanceUID: SOPInstanceUID,
});

describe('sourceReferences', () => {
  const { SourceImageSequence, ReferencedSeriesSequence } = sourceReferences([...t1, ...flair]);

  it('has one item a source image, with its purpose', () => {
    expect(SourceImageSequence).toEqual(
      [...t1, ...flair].map(image => ({
        ...pair(image),
        PurposeOfReferenceCodeSequence: [
          {
            CodeValue: '121322',
            CodingSchemeDesignator: 'DCM',
            CodeMeaning: 'Source image for image processing operation',
          },
        ],
      })),
    );
  });

  it('lists the same images by series', () => {
    expect(ReferencedSeriesSequence).toEqual([
      { SeriesInstanceUID: '1.2.826.0.2', ReferencedInstanceSequence: t1.map(pair) },
      { SeriesInstanceUID: '1.2.826.0.9', ReferencedInstanceSequence: flair.map(pair) },
    ]);
  });

  it('has one item for all frames of an instance', () => {
    const frames = [t1[0], { ...t1[0] }, t1[1]];
    expect(sourceReferences(frames).SourceImageSequence).toHaveLength(2);
  });

  it('names no frame of a multi-frame image that was used as a whole', () => {
    const whole = enhanced(t1);
    const { SourceImageSequence: images, ReferencedSeriesSequence: series } = sourceReferences(
      framesOf(whole),
    );
    expect(images).toEqual([expect.objectContaining(pair(whole))]);
    expect((images as Dataset[])[0]).not.toHaveProperty('ReferencedFrameNumber');
    expect(series).toEqual([{ SeriesInstanceUID: '1.2.826.0.2', ReferencedInstanceSequence: [pair(whole)] }]);
  });

  it('names the frames that were used where others were not', () => {
    const whole = enhanced(t1);
    const [first, , last] = framesOf(whole);
    const { SourceImageSequence: images, ReferencedSeriesSequence: series } = sourceReferences([last, first]);
    expect(images).toEqual([expect.objectContaining({ ...pair(whole), ReferencedFrameNumber: [1, 3] })]);
    expect(series).toEqual([{ SeriesInstanceUID: '1.2.826.0.2', ReferencedInstanceSequence: [pair(whole)] }]);
  });
});

describe('planeReference', () => {
  it('names the one image', () => {
    expect(planeReference(t1[1])).toEqual({ ReferencedImageSequence: [pair(t1[1])] });
  });

  it('names the one frame of a multi-frame image', () => {
    const whole = enhanced(t1);
    const references = framesOf(whole).map(frame => planeReference(frame));
    expect(references).toEqual(
      [1, 2, 3].map(ReferencedFrameNumber => ({
        ReferencedImageSequence: [{ ...pair(whole), ReferencedFrameNumber }],
      })),
    );
  });
});
