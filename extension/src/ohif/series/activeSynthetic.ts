import { isSynthetic, seriesAttributes } from '@modality-synthesis/engine';
import type { Services } from '../types';

/** SeriesInstanceUID of the synthetic series in the active viewport, of a fusion if it is on top. */
export function activeSynthetic({ viewportGridService, displaySetService }: Services): string | undefined {
  const { activeViewportId, viewports } = viewportGridService.getState();
  const uid = activeViewportId && viewports.get(activeViewportId)?.displaySetInstanceUIDs?.at(-1);
  const displaySet = uid ? displaySetService.getDisplaySetByUID(uid) : undefined;
  const [instance] = displaySet?.instances ?? [];
  return instance && isSynthetic(seriesAttributes(instance)) ? displaySet?.SeriesInstanceUID : undefined;
}
