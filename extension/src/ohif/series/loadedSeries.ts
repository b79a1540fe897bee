import { describeSeries, framesOf, PARAMETRIC_MAP, SEGMENTATION } from '@modality-synthesis/engine';
import type { StudySeries } from '../../session/ViewerPort';
import type { DataSource, DisplaySet, Instance } from '../types';

/** One image, or one frame of a multi-frame image, with the id that loads its pixels. */
export interface LoadedImage {
  imageId: string;
  instance: Instance;
  displaySetInstanceUID: string;
}

/** A series as the panel lists it, and its images. */
export interface LoadedSeries {
  series: StudySeries;
  images: readonly LoadedImage[];
}

/**
 * Series of a study by SeriesNumber, split into stacks. OHIF creates one display set per multi-frame image,
 * so that a series may have several.
 */
export function loadedSeries(displaySets: readonly DisplaySet[], dataSource: DataSource): LoadedSeries[] {
  const bySeries = new Map<string, LoadedImage[]>();
  for (const displaySet of displaySets) {
    const uid = displaySet.SeriesInstanceUID;
    bySeries.set(uid, [...(bySeries.get(uid) ?? []), ...loadedImages(displaySet, dataSource)]);
  }
  return [...bySeries.values()]
    .flatMap(images => describeSeries(images))
    .map(({ series, images }) => ({
      series: { ...series, displaySetInstanceUID: images[0].displaySetInstanceUID },
      images,
    }))
    .sort((a, b) => a.series.SeriesNumber - b.series.SeriesNumber);
}

export function isImageSeries({ unsupported, instances }: DisplaySet): boolean {
  const [first] = instances ?? [];
  return !unsupported && first?.Rows !== undefined && !NO_IMAGES.includes(String(first.SOPClassUID));
}

/** They have rows, but lie on the images of a series. */
const NO_IMAGES: readonly string[] = [PARAMETRIC_MAP, SEGMENTATION];

function loadedImages(displaySet: DisplaySet, dataSource: DataSource): LoadedImage[] {
  const { displaySetInstanceUID } = displaySet;
  const imageIds = dataSource.getImageIdsForDisplaySet(displaySet);
  let frames = 0;
  return displaySet.instances!.flatMap(whole => {
    const first = frames;
    frames += Math.max(1, Number(whole.NumberOfFrames) || 1);
    return framesOf(whole).map((instance, frame) => ({
      imageId: imageIds[first + frame],
      instance,
      displaySetInstanceUID,
    }));
  });
}
