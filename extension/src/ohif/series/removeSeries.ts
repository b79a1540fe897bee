import { cache, getEnabledElements, imageLoadPoolManager, metaData } from '@cornerstonejs/core';
import { classes, DicomMetadataStore } from '@ohif/core';
import type { DerivedSeries } from '../../session/ViewerPort';
import { removeAnnotations } from '../annotations/removeAnnotations';
import type { Services } from '../types';

/** Cornerstone's type of a parsed dataset. */
const NATURALIZED = 'naturalized';

/**
 * Removes a derived series with its annotations, display sets, thumbnails, cached volumes and images,
 * metadata and object URLs. The reference replaces it in the viewports.
 */
export async function removeSeries(series: DerivedSeries, services: Services): Promise<void> {
  const { study, SeriesInstanceUID, referenceSeriesInstanceUID } = series;
  const imageIds = new Set(
    (DicomMetadataStore.getSeries(study, SeriesInstanceUID)?.instances ?? []).map(i => String(i.url)),
  );
  const { displaySetService } = services;
  const uids = displaySetService
    .getDisplaySetsForSeries(SeriesInstanceUID)
    .map(displaySet => displaySet.displaySetInstanceUID);
  const [reference] = displaySetService.getDisplaySetsForSeries(referenceSeriesInstanceUID);
  await clearViewports(uids, imageIds, reference?.displaySetInstanceUID, services);
  removeAnnotations(SeriesInstanceUID, imageIds, services);
  // With an unknown UID OHIF removes another display set.
  for (const uid of uids) displaySetService.deleteDisplaySet(uid);
  await endLoading(imageIds);
  removeFromCache(imageIds);
  removeDatasets(imageIds);
  removeMetadata(study, SeriesInstanceUID);
  for (const imageId of imageIds) URL.revokeObjectURL(imageId.replace('wadouri:', ''));
}

/** How long a viewport may take to show something else, ms; the page may be busy. */
const PATIENCE = 5000;

/** Replaces display sets by the reference in every viewport; resolves when no viewport holds their images. */
async function clearViewports(
  uids: readonly string[],
  imageIds: ReadonlySet<string>,
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
  // On a busy page OHIF would draw a viewport once more with a display set that is gone.
  const last = performance.now() + PATIENCE;
  do await new Promise(resolve => setTimeout(resolve, 20));
  while (isShown(imageIds) && performance.now() < last);
}

function isShown(imageIds: ReadonlySet<string>): boolean {
  return getEnabledElements().some(({ viewport }) => imagesOf(viewport).some(id => imageIds.has(id)));
}

/** Image ids of a viewport; none while it holds nothing. */
function imagesOf(viewport: object): string[] {
  try {
    return 'getImageIds' in viewport && typeof viewport.getImageIds === 'function'
      ? viewport.getImageIds()
      : [];
  } catch {
    return [];
  }
}

/** Cancels what waits to be loaded, and waits for what is being loaded: that would come back later. */
async function endLoading(imageIds: ReadonlySet<string>): Promise<void> {
  imageLoadPoolManager.filterRequests(
    ({ additionalDetails: { imageId } }) => !imageId || !imageIds.has(imageId),
  );
  await Promise.allSettled([...imageIds].map(id => cache.getImageLoadObject(id)?.promise));
}

function removeFromCache(imageIds: ReadonlySet<string>): void {
  for (const { volumeId, imageIds: slices } of cache.getVolumes())
    if (slices?.some(id => imageIds.has(id))) cache.removeVolumeLoadObject(volumeId);
  for (const imageId of imageIds)
    if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
}

/**
 * Since version 5 cornerstone's loader keeps what it has parsed, pixels among it, as long as the page lives.
 * Core exports no way to remove it: caching nothing in its place does, and drops what was derived from it.
 */
function removeDatasets(imageIds: ReadonlySet<string>): void {
  for (const imageId of imageIds)
    if (metaData.get(NATURALIZED, imageId))
      metaData.getTyped(NATURALIZED, imageId, { reCache: true, defaultValue: null });
}

/** OHIF's stores have no method to remove a series; they return their own, mutable lists. */
function removeMetadata(study: string, SeriesInstanceUID: string): void {
  const list = DicomMetadataStore.getStudy(study)?.series ?? [];
  const index = list.findIndex(s => s.SeriesInstanceUID === SeriesInstanceUID);
  if (index >= 0) list.splice(index, 1);
  const known = classes.MetadataProvider.imageURIToUIDs;
  for (const [uri, uids] of known) if (uids.SeriesInstanceUID === SeriesInstanceUID) known.delete(uri);
}
