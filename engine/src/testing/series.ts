import type { StudySeries } from '../series/StudySeries';

/** An axial series of a study `S`; the description doubles as its identity. */
export function series(description: string, more: Partial<StudySeries> = {}): StudySeries {
  return {
    id: `uid ${description}`,
    SeriesInstanceUID: `uid ${description}`,
    StudyInstanceUID: 'S',
    SeriesNumber: 1,
    patients: [],
    description,
    attributes: { Modality: 'MR', SeriesDescription: description },
    images: 24,
    inPlaneSpacing: 1,
    axiality: 1,
    coverage: null,
    ...more,
  };
}
