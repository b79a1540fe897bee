import type { Services } from './types';

/** The slice sync group that scrolls a result with the acquired series of its study. */
const LINK = { type: 'imageslice', id: 'modality-synthesis-slices', source: true, target: true };

/** Shows a display set in the active viewport, at the slice it was at, linked with what else shows its study. */
export function show(displaySetInstanceUID: string, services: Services): void {
  const { activeViewportId } = services.viewportGridService.getState();
  if (!activeViewportId) return;
  const initialImageOptions = startingSlice(displaySetInstanceUID, services);
  services.viewportGridService.setDisplaySetsForViewports([
    {
      viewportId: activeViewportId,
      displaySetInstanceUIDs: [displaySetInstanceUID],
      viewportOptions: { initialImageOptions, syncGroups: [LINK] },
    },
  ]);
  linkOthers(activeViewportId, displaySetInstanceUID, services);
}

/** Two viewports side by side: reference left, result right, scrolling together. */
export function compare(reference: string, displaySetInstanceUID: string, services: Services): void {
  const initialImageOptions = startingSlice(displaySetInstanceUID, services);
  services.viewportGridService.setLayout({
    numRows: 1,
    numCols: 2,
    layoutType: 'grid',
    findOrCreateViewport: position => ({
      displaySetInstanceUIDs: [position === 0 ? reference : displaySetInstanceUID],
      displaySetOptions: [{}],
      viewportOptions: {
        viewportType: 'stack',
        toolGroupId: 'default',
        initialImageOptions,
        syncGroups: [LINK],
      },
    }),
  });
}

/**
 * The slice at which the active viewport stands, if somebody has scrolled there and the result has as many; else the
 * middle one, since the first is mostly air.
 */
function startingSlice(displaySetInstanceUID: string, services: Services) {
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
  const wanted = frame(displaySetInstanceUID);
  for (const other of viewportGridService.getState().viewports.values()) {
    if (other.viewportId === viewportId || !other.displaySetInstanceUIDs?.some(uid => frame(uid) === wanted))
      continue;
    const viewport = cornerstoneViewportService.getCornerstoneViewport(other.viewportId);
    if (viewport) syncGroupService.addViewportToSyncGroup(other.viewportId, viewport.renderingEngineId, LINK);
  }
}
