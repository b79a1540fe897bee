import { type Dataset, text } from './Dataset';

/** Purpose of reference (PS3.3 C.7.6.1.1.4, CID 7202). */
export const SOURCE_IMAGE = {
  CodeValue: '121322',
  CodingSchemeDesignator: 'DCM',
  CodeMeaning: 'Source image for image processing operation',
};

/**
 * Sources of a derived series: Source Image Sequence (PS3.3 C.7.6.1), one item per image, and the same images
 * by series in Referenced Series Sequence (Common Instance Reference, C.12.2). Frames of one instance are one
 * item, with ReferencedFrameNumber if some frames were not used (table 10-3), such as another echo.
 * @param sources images, or frames (`framesOf`), of all series that were read
 */
export function sourceReferences(sources: readonly Dataset[]): Dataset {
  const instances = new Map<string, Dataset[]>();
  for (const image of sources) {
    // SOPInstanceUIDs alone may repeat across series.
    const uid = `${text(image.SeriesInstanceUID)} ${text(image.SOPInstanceUID)}`;
    instances.set(uid, [...(instances.get(uid) ?? []), image]);
  }
  const images = [...instances.values()].map(
    ([image, ...more]): Dataset => ({ ...image, ReferencedFrameNumber: usedFrames([image, ...more]) }),
  );
  const series = new Map<unknown, Dataset[]>();
  for (const image of images) {
    const uid = image.SeriesInstanceUID;
    series.set(uid, [...(series.get(uid) ?? []), instanceReference(image)]);
  }
  return {
    SourceImageSequence: images.map(image => ({
      ...frameReference(image),
      PurposeOfReferenceCodeSequence: [SOURCE_IMAGE],
    })),
    ReferencedSeriesSequence: [...series].map(([SeriesInstanceUID, instances]) => ({
      SeriesInstanceUID,
      ReferencedInstanceSequence: instances,
    })),
  };
}

/**
 * The reference image in the plane of the derived one (PS3.3 C.7.6.1, Referenced Image Sequence), with its
 * frame if multi-frame (table 10-3).
 */
export function planeReference(image: Dataset): Dataset {
  return { ReferencedImageSequence: [frameReference(image)] };
}

/** Frame numbers, unless all frames of the instance are used. */
function usedFrames(frames: readonly Dataset[]): number[] | undefined {
  const numbers = frames.map(frame => Number(frame.ReferencedFrameNumber)).filter(Number.isFinite);
  return numbers.length < Number(frames[0].framesInAll) ? numbers.sort((a, b) => a - b) : undefined;
}

function frameReference(image: Dataset): Dataset {
  const { ReferencedFrameNumber } = image;
  return {
    ...instanceReference(image),
    ...(ReferencedFrameNumber !== undefined && { ReferencedFrameNumber }),
  };
}

/** SOP Class and Instance UID of an image (PS3.3 table 10-11). */
export function instanceReference({ SOPClassUID, SOPInstanceUID }: Dataset): Dataset {
  return { ReferencedSOPClassUID: SOPClassUID, ReferencedSOPInstanceUID: SOPInstanceUID };
}
