import { cache } from '@cornerstonejs/core';
import { classes, DicomMetadataStore } from '@ohif/core';
import type { MadeSeries } from '../session/ViewerPort';
import { removeDrawings } from './removeDrawings';
import type { Services } from './types';

/**
 * Removes a series that was made here: from the viewports (the reference takes its place), what was drawn on it, its
 * display sets and thumbnails, cached volumes and images, metadata and the bytes behind its object URLs.
 */
export async function removeSeries(series: MadeSeries, services: Services): Promise<void> {
  const { study, SeriesInstanceUID, referenceSeriesInstanceUID } = series;
  const imageIds = new Set(
    (DicomMetadataStore.getSeries(study, SeriesInstanceUID)?.instances ?? []).map(i => String(i.url)),
  );
  const { displaySetService } = services;
  const uids = displaySetService
    .getDisplaySetsForSeries(SeriesInstanceUID)
    .map(displaySet => displaySet.displaySetInstanceUID);
  const [reference] = displaySetService.getDisplaySetsForSeries(referenceSeriesInstanceUID);
  await takeOutOfViewports(uids, reference?.displaySetInstanceUID, services);
  removeDrawings(SeriesInstanceUID, imageIds, services);
  // Only known ones: with an unknown UID this removes somebody else's.
  for (const uid of uids) displaySetService.deleteDisplaySet(uid);
  removeFromCache(imageIds);
  removeMetadata(study, SeriesInstanceUID);
  for (const imageId of imageIds) URL.revokeObjectURL(imageId.replace('wadouri:', ''));
}

/** Shows the reference wherever one of the display sets is shown, and waits until no viewport holds its images. */
async function takeOutOfViewports(
  uids: readonly string[],
  reference: string | undefined,
  { viewportGridService }: Services,
): Promise<void> {
  const updates = [...viewportGridService.getState().viewports.values()]
    .filter(viewport => viewport.displaySetInstanceUIDs?.some(uid => uids.includes(uid)))
    .map(({ viewportId, displaySetInstanceUIDs }) => {
      const others = displaySetInstanceUIDs!.filter(uid => !uids.includes(uid));
      return {
        viewportId,
        displaySetInstanceUIDs: others.length || !reference ? others : [reference],
        viewportOptions: { initialImageOptions: { preset: 'middle' } },
      };
    });
  if (updates.length === 0) return;
  viewportGridService.setDisplaySetsForViewports(updates);
  await new Promise(resolve => setTimeout(resolve, 0));
}

function removeFromCache(imageIds: ReadonlySet<string>): void {
  for (const { volumeId, imageIds: slices } of cache.getVolumes())
    if (slices?.some(id => imageIds.has(id))) cache.removeVolumeLoadObject(volumeId);
  for (const imageId of imageIds)
    if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
}

/** OHIF's stores have no way to remove; their lists are the ones they work on. */
function removeMetadata(study: string, SeriesInstanceUID: string): void {
  const list = DicomMetadataStore.getStudy(study)?.series ?? [];
  const index = list.findIndex(s => s.SeriesInstanceUID === SeriesInstanceUID);
  if (index >= 0) list.splice(index, 1);
  const known = classes.MetadataProvider.imageURIToUIDs;
  for (const [uri, uids] of known) if (uids.SeriesInstanceUID === SeriesInstanceUID) known.delete(uri);
}
