import { vec3 } from 'gl-matrix';

import { type Dataset, number, numbers, point } from '../dicom/Dataset';
import { medianLow } from '../volume/statistics';

import type { Point3 } from '../volume/Volume';

/** Extent and slice spacing of a series, from its headers. */
export interface Coverage {
  /** Unit normal of the slices, LPS. */
  normal: Point3;
  /** From the first to the last slice, plus half a slice at each end, mm. */
  along: number;
  /** Rows and columns times their spacing, the smaller one, mm. */
  inPlane: number;
  /** mm between neighbouring slices; the median. */
  sliceSpacing: number;
  /** Slices absent between the first and the last. */
  missing: number;
}

/** @param instances images of one series; null without plane or positions that make sense */
export function coverageOf(instances: readonly Dataset[]): Coverage | null {
  const [first] = instances;
  const orientation = numbers(first.ImageOrientationPatient, 6);
  const spacing = numbers(first.PixelSpacing, 2);
  const [rows, columns] = [number(first.Rows), number(first.Columns)];
  const positive = [rows, columns, ...(spacing ?? [])].every(v => v !== undefined && v > 0);
  if (!orientation || !spacing || !rows || !columns || !positive) return null;
  const normal = vec3.normalize(
    [0, 0, 0],
    vec3.cross([0, 0, 0], orientation.slice(0, 3) as Point3, orientation.slice(3) as Point3),
  ) as Point3;
  const depths = positionsAlong(normal, instances);
  if (!depths.length) return null;
  const gaps = depths.slice(1).map((depth, k) => depth - depths[k]);
  const thickness = number(first.SpacingBetweenSlices) ?? number(first.SliceThickness) ?? 0;
  const sliceSpacing = gaps.length ? medianLow(gaps) : Math.abs(thickness);
  const along = depths[depths.length - 1] - depths[0] + sliceSpacing;
  const inPlane = Math.min(rows * spacing[0], columns * spacing[1]);
  if (![...normal, along, inPlane].every(Number.isFinite)) return null;
  const missing = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / sliceSpacing) - 1), 0);
  return { normal, along, inPlane, sliceSpacing, missing };
}

/** Distinct slice positions along the normal, mm, ascending. */
function positionsAlong(normal: Point3, instances: readonly Dataset[]): number[] {
  const depths = instances
    .map(instance => point(instance.ImagePositionPatient))
    .filter(position => position !== null)
    .map(position => vec3.dot(position, normal))
    .sort((a, b) => a - b);
  return depths.filter((depth, k) => k === 0 || depth - depths[k - 1] > SAME_POSITION);
}

/** mm */
const SAME_POSITION = 0.05;
