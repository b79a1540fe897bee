import { LINK, startingSlice } from '../show';
import type { Services } from '../types';

/** Viewports side by side, scrolling together: acquired, made again, difference. */
export function showCheck(displaySetInstanceUIDs: readonly string[], services: Services): void {
  const [, remade] = displaySetInstanceUIDs;
  const initialImageOptions = startingSlice(remade, services);
  services.viewportGridService.setLayout({
    numRows: 1,
    numCols: displaySetInstanceUIDs.length,
    layoutType: 'grid',
    findOrCreateViewport: position => ({
      displaySetInstanceUIDs: [displaySetInstanceUIDs[position]],
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
