import { vec3 } from 'gl-matrix';
import type { SeriesAttributes } from '../contrast/SeriesAttributes';
import type { Dataset } from '../dicom/Dataset';
import type { Point3 } from '../volume/Volume';
import { number, numbers, seriesAttributes } from './attributes';
import { type Coverage, coverageOf } from './coverage';

/** A series of a study, as far as a plan needs to know it. */
export interface StudySeries {
  SeriesInstanceUID: string;
  StudyInstanceUID: string;
  SeriesNumber: number;
  /** SeriesDescription, or a stand-in for people. */
  description: string;
  attributes: SeriesAttributes;
  images: number;
  /** Larger of the two pixel spacings, mm. */
  inPlaneSpacing: number;
  /** |cosine| between slice normal and the patient's foot-head axis; 1 is axial. */
  axiality: number;
  coverage: Coverage | null;
}

/** @param instances images of one series, by keyword; at least one */
export function describeSeries(instances: readonly Dataset[]): StudySeries {
  const [first] = instances;
  const orientation = numbers(first.ImageOrientationPatient, 6);
  const normal = orientation
    ? vec3.cross([0, 0, 0], orientation.slice(0, 3) as Point3, orientation.slice(3) as Point3)
    : [0, 0, 0];
  const spacing = numbers(first.PixelSpacing, 2);
  const attributes = seriesAttributes(first);
  return {
    SeriesInstanceUID: String(first.SeriesInstanceUID),
    StudyInstanceUID: String(first.StudyInstanceUID),
    SeriesNumber: number(first.SeriesNumber) ?? 0,
    description: attributes.SeriesDescription || '(no description)',
    attributes,
    images: instances.length,
    inPlaneSpacing: spacing ? Math.max(...spacing) : Number.POSITIVE_INFINITY,
    axiality: Math.abs(normal[2]),
    coverage: coverageOf(instances),
  };
}

/** First SeriesNumber given to a derived series; behind the sources in every list. */
const FIRST_DERIVED_NUMBER = 900;

/** A SeriesNumber that no series of the study has; behind them all. */
export function freeSeriesNumber(used: readonly number[]): number {
  return Math.max(FIRST_DERIVED_NUMBER, ...used.filter(Number.isFinite)) + 1;
}
