import { metaData } from '@cornerstonejs/core';
import type { CommandsManager, GridViewport, Instance, Services } from './types';

/** Id of the sync group that scrolls a result with the acquired series of its study. */
const LINK = 'modality-synthesis-slices';

/** Shows a display set in the active viewport, at the slice it was at, linked with what else shows its study. */
export async function show(displaySetInstanceUID: string, services: Services): Promise<void> {
  const { activeViewportId } = services.viewportGridService.getState();
  if (!activeViewportId) return;
  const viewportOptions = { initialImageOptions: startingSlice(activeViewportId, displaySetInstanceUID, services) };
  services.viewportGridService.setDisplaySetsForViewports([
    { viewportId: activeViewportId, displaySetInstanceUIDs: [displaySetInstanceUID], viewportOptions },
  ]);
  await link(displaySetInstanceUID, services);
}

/** Two viewports side by side: reference left, result right, scrolling together. */
export async function compare(
  reference: string,
  displaySetInstanceUID: string,
  services: Services,
  commandsManager: CommandsManager,
): Promise<void> {
  const { viewportGridService } = services;
  const { activeViewportId } = viewportGridService.getState();
  const initialImageOptions = activeViewportId
    ? startingSlice(activeViewportId, displaySetInstanceUID, services)
    : { preset: 'middle' };
  const viewportOptions = { viewportType: 'stack', initialImageOptions };
  commandsManager.runCommand('setViewportGridLayout', { numRows: 1, numCols: 2 });
  await until(() => viewportGridService.getState().viewports.size === 2);
  const [left, right] = [...viewportGridService.getState().viewports.keys()];
  viewportGridService.setDisplaySetsForViewports([
    { viewportId: left, displaySetInstanceUIDs: [reference], viewportOptions },
    { viewportId: right, displaySetInstanceUIDs: [displaySetInstanceUID], viewportOptions },
  ]);
  await link(displaySetInstanceUID, services);
}

/** The slice at which a viewport stands, if it shows a stack of as many slices; else the middle one. */
function startingSlice(viewportId: string, displaySetInstanceUID: string, services: Services) {
  const viewport = services.cornerstoneViewportService.getCornerstoneViewport(viewportId);
  const slices = services.displaySetService.getDisplaySetByUID(displaySetInstanceUID)?.instances?.length;
  const same = viewport?.type === 'stack' && viewport.getImageIds().length === slices;
  return same ? { index: viewport.getCurrentImageIdIndex() } : { preset: 'middle' };
}

/** Joins all viewports of the result's frame of reference in one slice sync group, once they show their images. */
async function link(displaySetInstanceUID: string, services: Services): Promise<void> {
  const { viewportGridService, displaySetService, cornerstoneViewportService, syncGroupService } = services;
  const first = (uid: string) => displaySetService.getDisplaySetByUID(uid)?.instances?.[0];
  const wanted = first(displaySetInstanceUID)?.FrameOfReferenceUID;
  const viewports = [...viewportGridService.getState().viewports.values()].filter(
    v => wanted !== undefined && v.displaySetInstanceUIDs?.some(uid => first(uid)?.FrameOfReferenceUID === wanted),
  );
  if (viewports.length < 2) return;
  const shows = ({ viewportId, displaySetInstanceUIDs = [] }: GridViewport) => {
    const imageIds = cornerstoneViewportService.getCornerstoneViewport(viewportId)?.getImageIds() ?? [];
    const series = new Set(displaySetInstanceUIDs.map(uid => first(uid)?.SeriesInstanceUID));
    return series.has((metaData.get('instance', imageIds[0]) as Instance | undefined)?.SeriesInstanceUID);
  };
  await until(() => viewports.every(shows));
  for (const { viewportId } of viewports) {
    const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
    if (!viewport) continue;
    syncGroupService.addViewportToSyncGroup(viewportId, viewport.renderingEngineId, {
      type: 'imageslice',
      id: LINK,
      source: true,
      target: true,
    });
  }
}

/** Waits until the viewer has done its part, frame by frame, ten seconds at most. */
async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!done() && performance.now() < end) await new Promise(requestAnimationFrame);
}
