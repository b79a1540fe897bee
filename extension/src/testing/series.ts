import { series as engineSeries } from '@modality-synthesis/engine/testing/series';
import type { StudySeries } from '../session/ViewerPort';

/** An axial series of a study `S` as the viewer holds it; the description is also its id. */
export function series(description: string, more: Partial<StudySeries> = {}): StudySeries {
  return { ...engineSeries(description, more), displaySetInstanceUID: `display ${description}`, ...more };
}
