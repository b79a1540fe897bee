import { vec3 } from 'gl-matrix';
import { type Dataset, number, numbers, text } from '../dicom/Dataset';
import type { Point3 } from '../volume/Volume';

/** Attributes that all slices of a stack share. */
export interface PlaneGeometry {
  rows: number | undefined;
  columns: number | undefined;
  /** PixelSpacing: between rows, between columns, mm. */
  spacing: readonly number[] | null;
  /** ImageOrientationPatient. */
  orientation: readonly number[] | null;
  FrameOfReferenceUID: string;
  samples: number;
}

/** Headers round orientations. */
const TOLERANCE = 1e-3;

export function planeGeometry(instance: Dataset): PlaneGeometry {
  return {
    rows: number(instance.Rows),
    columns: number(instance.Columns),
    spacing: numbers(instance.PixelSpacing, 2),
    orientation: numbers(instance.ImageOrientationPatient, 6),
    FrameOfReferenceUID: text(instance.FrameOfReferenceUID) ?? '',
    samples: number(instance.SamplesPerPixel) ?? 1,
  };
}

export function sameGeometry(a: PlaneGeometry, b: PlaneGeometry): boolean {
  return (
    a.rows === b.rows &&
    a.columns === b.columns &&
    a.samples === b.samples &&
    a.FrameOfReferenceUID === b.FrameOfReferenceUID &&
    close(a.spacing, b.spacing) &&
    close(a.orientation, b.orientation)
  );
}

function close(a: readonly number[] | null, b: readonly number[] | null): boolean {
  return a && b ? a.every((v, i) => Math.abs(v - b[i]) < TOLERANCE) : a === b;
}

/** Slice normal, LPS; zero without an orientation. */
export function planeNormal(orientation: readonly number[] | null): Point3 {
  if (!orientation) return [0, 0, 0];
  return vec3.cross([0, 0, 0], orientation.slice(0, 3) as Point3, orientation.slice(3) as Point3) as Point3;
}
