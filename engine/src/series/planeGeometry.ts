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

/** Headers round spacings and orientations. */
const ROUNDING = 1e-3;
/** Some senders leave noise in the cosines of an orientation, a quarter of a degree of it. */
const NOISE = 5e-3;

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
    close(a.spacing, b.spacing, ROUNDING) &&
    close(a.orientation, b.orientation, NOISE)
  );
}

function close(a: readonly number[] | null, b: readonly number[] | null, tolerance: number): boolean {
  return a && b ? a.every((v, i) => Math.abs(v - b[i]) < tolerance) : a === b;
}

/**
 * Orientation of a stack: that of its first image, or the mean where images differ by more than rounding.
 * @param orientations ImageOrientationPatient of its images, alike but for noise; at least one
 */
export function meanOrientation(orientations: readonly (readonly number[])[]): readonly number[] {
  const [first] = orientations;
  if (orientations.every(one => close(one, first, ROUNDING))) return first;
  const mean = (from: number) =>
    orientations.reduce<Point3>(
      (sum, o) => [sum[0] + o[from], sum[1] + o[from + 1], sum[2] + o[from + 2]],
      [0, 0, 0],
    );
  const row = vec3.normalize([0, 0, 0], mean(0));
  const column = vec3.normalize([0, 0, 0], mean(3));
  const across = vec3.scaleAndAdd([0, 0, 0], column, row, -vec3.dot(row, column));
  return [...row, ...vec3.normalize(across, across)];
}
