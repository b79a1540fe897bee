import { EVENTS } from '@cornerstonejs/core';
import type { Services } from './types';

/** Slice sync group: a result scrolls with the acquired series of its study. */
export const LINK = { type: 'imageslice', id: 'modality-synthesis-slices', source: true, target: true };

/** Shows a display set at the active viewport's slice, linked with the study's other viewports. */
export function show(displaySetInstanceUID: string, services: Services): void {
  const { activeViewportId } = services.viewportGridService.getState();
  if (!activeViewportId) return;
  const initialImageOptions = startingSlice(displaySetInstanceUID, services);
  announceNextWindow(activeViewportId, services);
  services.viewportGridService.setDisplaySetsForViewports([
    {
      viewportId: activeViewportId,
      displaySetInstanceUIDs: [displaySetInstanceUID],
      viewportOptions: { initialImageOptions, syncGroups: [LINK] },
    },
  ]);
  linkOthers(activeViewportId, displaySetInstanceUID, services);
}

/**
 * Tells the window of the next series once it is drawn. OHIF's overlay may have read that of the series
 * before, where the user had changed it, and would go on telling it.
 */
function announceNextWindow(viewportId: string, services: Services): void {
  // OHIF makes another viewport for another series, in the same element.
  const viewport = () => services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
  const element = viewport()?.element;
  const announce = () => {
    const detail = { viewportId, range: viewport()?.getProperties().voiRange };
    if (detail.range) element?.dispatchEvent(new CustomEvent(EVENTS.VOI_MODIFIED, { detail }));
  };
  const drawn = () => element?.addEventListener(EVENTS.IMAGE_RENDERED, announce, { once: true });
  element?.addEventListener(EVENTS.VIEWPORT_NEW_IMAGE_SET, drawn, { once: true });
}

/**
 * The current slice of the active viewport if the user has scrolled and the result has as many slices; else
 * the middle one, because the first is mostly air.
 */
export function startingSlice(displaySetInstanceUID: string, services: Services) {
  const { activeViewportId } = services.viewportGridService.getState();
  const viewport =
    activeViewportId && services.cornerstoneViewportService.getCornerstoneViewport(activeViewportId);
  const slices = services.displaySetService.getDisplaySetByUID(displaySetInstanceUID)?.instances?.length;
  const index =
    viewport && viewport.type === 'stack' && viewport.getImageIds().length === slices
      ? viewport.getCurrentImageIdIndex()
      : 0;
  return index > 0 ? { index } : { preset: 'middle' };
}

/** Joins the other viewports that show the result's frame of reference to its slice sync group. */
function linkOthers(viewportId: string, displaySetInstanceUID: string, services: Services): void {
  const { viewportGridService, displaySetService, cornerstoneViewportService, syncGroupService } = services;
  const frame = (uid: string) =>
    displaySetService.getDisplaySetByUID(uid)?.instances?.[0]?.FrameOfReferenceUID;
  const resultFrame = frame(displaySetInstanceUID);
  for (const other of viewportGridService.getState().viewports.values()) {
    if (
      other.viewportId === viewportId ||
      !other.displaySetInstanceUIDs?.some(uid => frame(uid) === resultFrame)
    )
      continue;
    const viewport = cornerstoneViewportService.getCornerstoneViewport(other.viewportId);
    if (viewport) syncGroupService.addViewportToSyncGroup(other.viewportId, viewport.renderingEngineId, LINK);
  }
}
