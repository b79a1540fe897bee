import type { Dataset } from './Dataset';

/** Why a source image is referred to (PS3.3 C.7.6.1.1.4, CID 7202). */
const SOURCE_IMAGE = {
  CodeValue: '121322',
  CodingSchemeDesignator: 'DCM',
  CodeMeaning: 'Source image for image processing operation',
};

/**
 * What the images of a derived series were made from: Source Image Sequence (PS3.3 C.7.6.1), one item an image, and the
 * same images by series in Referenced Series Sequence (Common Instance Reference, C.12.2). Frames of one instance are
 * one item without ReferencedFrameNumber, since all of them were used.
 * @param sources images of every series that was read; SOPClassUID, SOPInstanceUID and SeriesInstanceUID are used
 */
export function sourceReferences(sources: readonly Dataset[]): Dataset {
  const images = [...new Map(sources.map(image => [image.SOPInstanceUID, image])).values()];
  const series = new Map<unknown, Dataset[]>();
  for (const image of images) {
    const uid = image.SeriesInstanceUID;
    series.set(uid, [...(series.get(uid) ?? []), reference(image)]);
  }
  return {
    SourceImageSequence: images.map(image => ({
      ...reference(image),
      PurposeOfReferenceCodeSequence: [SOURCE_IMAGE],
    })),
    ReferencedSeriesSequence: [...series].map(([SeriesInstanceUID, instances]) => ({
      SeriesInstanceUID,
      ReferencedInstanceSequence: instances,
    })),
  };
}

/**
 * The reference series' image in whose plane the derived one lies (PS3.3 C.7.6.1, Referenced Image Sequence); of a
 * multi-frame image the one frame (table 10-3).
 */
export function planeReference(image: Dataset): Dataset {
  const { ReferencedFrameNumber } = image;
  return {
    ReferencedImageSequence: [
      { ...reference(image), ...(ReferencedFrameNumber !== undefined && { ReferencedFrameNumber }) },
    ],
  };
}

function reference({ SOPClassUID, SOPInstanceUID }: Dataset): Dataset {
  return { ReferencedSOPClassUID: SOPClassUID, ReferencedSOPInstanceUID: SOPInstanceUID };
}
