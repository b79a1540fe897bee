import { mat4, vec3 } from 'gl-matrix';
import type { Point3 } from '../volume/Volume';

/** A rigid motion about a centre, LPS: rotation angles about x, y, z in radians, then translation in mm. */
export type RigidParameters = readonly [number, number, number, number, number, number];

/** The identity. */
export const NO_MOTION: RigidParameters = [0, 0, 0, 0, 0, 0];

/**
 * Rotation Rz Ry Rx about `centre` (LPS mm), then translation.
 * @returns 4x4 affine in LPS mm; its linear part is a proper rotation (determinant 1)
 */
export function rigidMatrix([rx, ry, rz, tx, ty, tz]: RigidParameters, centre: Point3): mat4 {
  const m = mat4.fromTranslation(mat4.create(), [centre[0] + tx, centre[1] + ty, centre[2] + tz]);
  mat4.rotateZ(m, m, rz);
  mat4.rotateY(m, m, ry);
  mat4.rotateX(m, m, rx);
  return mat4.translate(m, m, vec3.negate(vec3.create(), centre));
}

/** Magnitude of a rigid motion. */
export interface Motion {
  /** Displacement of the centre, mm. */
  millimetres: number;
  /** Angle of rotation about its axis, degrees in [0, 180]. */
  degrees: number;
}

/** Motion of a rigid transform (LPS mm); the displacement depends on the centre, the angle does not. */
export function motionOf(transform: mat4, centre: Point3): Motion {
  const moved = vec3.transformMat4(vec3.create(), centre, transform);
  const m = transform;
  // Twice the sine and cosine of the angle; the cosine alone is inexact for small angles.
  const sine = Math.hypot(m[6] - m[9], m[8] - m[2], m[1] - m[4]);
  const cosine = m[0] + m[5] + m[10] - 1;
  return {
    millimetres: vec3.distance(moved, centre),
    degrees: (Math.atan2(sine, cosine) * 180) / Math.PI,
  };
}

/** Inverse of a rigid transform. */
export function inverseOf(transform: mat4): mat4 {
  return mat4.invert(mat4.create(), transform)!;
}
