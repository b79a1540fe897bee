import { LINK } from '../link/sliceLink';
import { openedAt, shownPosition } from '../series/shownPosition';
import { centreOf } from '../series/slicePosition';
import type { DisplaySet, Services } from '../types';

/** Viewports side by side at one position, scrolling together: acquired, made again, difference. */
export function showCheck(acquired: DisplaySet, made: readonly DisplaySet[], services: Services): void {
  const [{ instances = [] }] = made;
  const middle = instances[Math.floor(instances.length / 2)];
  const position = shownPosition(made[0], services) ?? (middle && centreOf(middle));
  const displaySets = [acquired, ...made];
  services.viewportGridService.setLayout({
    numRows: 1,
    numCols: displaySets.length,
    layoutType: 'grid',
    findOrCreateViewport: n => ({
      displaySetInstanceUIDs: [displaySets[n].displaySetInstanceUID],
      displaySetOptions: [{}],
      viewportOptions: {
        viewportType: 'stack',
        toolGroupId: 'default',
        initialImageOptions: openedAt(displaySets[n], position),
        syncGroups: [LINK],
      },
    }),
  });
}
