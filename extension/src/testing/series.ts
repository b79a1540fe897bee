import type { Dataset, Grid } from '@modality-synthesis/engine';
import { series as engineSeries } from '@modality-synthesis/engine/testing/series';
import type { StudySeries } from '../session/ViewerPort';

/** An axial series of a study `S` as the viewer holds it; the description is also its id. */
export function series(description: string, more: Partial<StudySeries> = {}): StudySeries {
  return { ...engineSeries(description, more), displaySetInstanceUID: `display ${description}`, ...more };
}

/** Headers of the images of a series that lies on a grid. */
export function imagesOn(
  { dims: [Columns, Rows, length], indexToWorld }: Grid,
  { StudyInstanceUID, SeriesInstanceUID, SeriesNumber }: StudySeries,
): { instance: Dataset }[] {
  const [i, j, k, origin] = [0, 4, 8, 12].map(at => [...indexToWorld].slice(at, at + 3));
  const unit = (step: number[]) => step.map(v => v / Math.hypot(...step));
  return Array.from({ length }, (_, slice) => ({
    instance: {
      StudyInstanceUID,
      SeriesInstanceUID,
      SeriesNumber,
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
      SOPInstanceUID: `${SeriesInstanceUID}.${slice + 1}`,
      InstanceNumber: slice + 1,
      Rows,
      Columns,
      PixelSpacing: [Math.hypot(...j), Math.hypot(...i)],
      ImageOrientationPatient: [...unit(i), ...unit(j)],
      ImagePositionPatient: origin.map((v, r) => v + slice * k[r]),
    },
  }));
}
