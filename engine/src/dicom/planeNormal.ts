import { vec3 } from 'gl-matrix';
import type { Point3 } from '../volume/Volume';

/** Slice normal, LPS, of an ImageOrientationPatient; zero without one. */
export function planeNormal(orientation: readonly number[] | null): Point3 {
  if (!orientation) return [0, 0, 0];
  return vec3.cross([0, 0, 0], orientation.slice(0, 3) as Point3, orientation.slice(3) as Point3) as Point3;
}
