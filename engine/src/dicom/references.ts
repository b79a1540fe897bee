import { type Dataset, text } from './Dataset';

/** Purpose of reference of a source image (PS3.3 C.7.6.1.1.4, CID 7202). */
export const AS_SOURCE = {
  PurposeOfReferenceCodeSequence: [
    {
      CodeValue: '121322',
      CodingSchemeDesignator: 'DCM',
      CodeMeaning: 'Source image for image processing operation',
    },
  ],
};

/**
 * Sources of a derived series: Source Image Sequence (PS3.3 C.7.6.1), one item per image, and the same images
 * by series in Referenced Series Sequence (Common Instance Reference, C.12.2). Frames of one instance are one
 * item, with ReferencedFrameNumber if some frames were not used (table 10-3), such as another echo.
 * @param sources images, or frames (`framesOf`), that the image shows
 */
export function sourceReferences(sources: readonly Dataset[]): Dataset {
  const instances = new Map<string, Dataset[]>();
  for (const image of sources) {
    // SOPInstanceUIDs alone may repeat across series.
    const uid = `${text(image.SeriesInstanceUID)} ${text(image.SOPInstanceUID)}`;
    instances.set(uid, [...(instances.get(uid) ?? []), image]);
  }
  const references = [...instances.values()].map(frames => {
    const [{ SeriesInstanceUID }] = frames;
    return { SeriesInstanceUID, ...referencesTo(frames) };
  });
  return {
    SourceImageSequence: references.map(({ source }) => source),
    ReferencedSeriesSequence: referencedSeries(
      references.map(({ SeriesInstanceUID, instance }) => [SeriesInstanceUID, instance]),
    ),
  };
}

/**
 * Items of Referenced Series Sequence (PS3.3 table 10-4), each instance once.
 * @param instances SeriesInstanceUID and reference (`instanceReference`) of each
 */
export function referencedSeries(instances: Iterable<readonly [series: unknown, Dataset]>): Dataset[] {
  const series = new Map<unknown, Map<unknown, Dataset>>();
  for (const [uid, instance] of instances) {
    const known = series.get(uid) ?? new Map<unknown, Dataset>();
    series.set(uid, known.set(instance.ReferencedSOPInstanceUID, instance));
  }
  return [...series].map(([SeriesInstanceUID, known]) => ({
    SeriesInstanceUID,
    ReferencedInstanceSequence: [...known.values()],
  }));
}

interface References {
  /** As a source, with its purpose. */
  source: Dataset;
  instance: Dataset;
}

/** Of images used as a whole: derived images share these items, and `writePart10` encodes them once. */
const ofWholeImages = new WeakMap<Dataset, References>();

/** @param frames of one instance, or the one image */
function referencesTo(frames: readonly Dataset[]): References {
  const [image] = frames;
  const ReferencedFrameNumber = usedFrames(frames);
  const known = ReferencedFrameNumber ? undefined : ofWholeImages.get(image);
  if (known) return known;
  const source = { ...frameReference({ ...image, ReferencedFrameNumber }), ...AS_SOURCE };
  const made = { source, instance: instanceReference(image) };
  if (!ReferencedFrameNumber) ofWholeImages.set(image, made);
  return made;
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
