import { EVENTS } from '@cornerstonejs/core';
import { LINK } from './link/sliceLink';
import { openedAt, shownPosition } from './series/shownPosition';
import type { Services } from './types';

/** Shows a display set at the active viewport's position, linked with the study's other viewports. */
export function show(displaySetInstanceUID: string, services: Services): void {
  const { activeViewportId } = services.viewportGridService.getState();
  const displaySet = services.displaySetService.getDisplaySetByUID(displaySetInstanceUID);
  if (!activeViewportId || !displaySet) return;
  const initialImageOptions = openedAt(displaySet, shownPosition(displaySet, services));
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
