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
  const bySeries = new Map<string, DisplaySet[]>();
  for (const displaySet of displaySets) {
    const uid = displaySet.SeriesInstanceUID;
    bySeries.set(uid, [...(bySeries.get(uid) ?? []), displaySet]);
  }
  return [...bySeries.values()]
    .flatMap(own => stacksOf(own, dataSource))
    .sort((a, b) => a.series.SeriesNumber - b.series.SeriesNumber);
}

/** By the first display set of a series: all are asked for at every change, which takes long for many. */
const described = new WeakMap<DisplaySet, { of: string; stacks: LoadedSeries[] }>();

/** The stacks of one series, described anew when images came or went. */
function stacksOf(displaySets: readonly DisplaySet[], dataSource: DataSource): LoadedSeries[] {
  const of = displaySets
    .map(({ displaySetInstanceUID, instances }) => `${displaySetInstanceUID} ${instances?.length}`)
    .join();
  const known = described.get(displaySets[0]);
  if (known?.of === of) return known.stacks;
  const images = displaySets.flatMap(displaySet => loadedImages(displaySet, dataSource));
  const stacks = describeSeries(images).map(({ series, images }) => ({
    series: { ...series, displaySetInstanceUID: images[0].displaySetInstanceUID },
    images,
  }));
  described.set(displaySets[0], { of, stacks });
  return stacks;
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
