import { mat4, vec3 } from 'gl-matrix';
import type { Point3 } from '../volume/Volume';

/** Angles about x, y and z in radians, then the shift in mm: a rigid motion about a centre, LPS. */
export type RigidParameters = readonly [number, number, number, number, number, number];

/** The motion that moves nothing. */
export const NO_MOTION: RigidParameters = [0, 0, 0, 0, 0, 0];

/**
 * Rotation Rz Ry Rx about `centre` (LPS mm), then the shift.
 * @returns 4x4 affine in LPS mm; its linear part is a proper rotation (determinant 1), so never a mirror image
 */
export function rigidMatrix([rx, ry, rz, tx, ty, tz]: RigidParameters, centre: Point3): mat4 {
  const m = mat4.fromTranslation(mat4.create(), [centre[0] + tx, centre[1] + ty, centre[2] + tz]);
  mat4.rotateZ(m, m, rz);
  mat4.rotateY(m, m, ry);
  mat4.rotateX(m, m, rx);
  return mat4.translate(m, m, vec3.negate(vec3.create(), centre));
}

/** How far a rigid transform moves. */
export interface Motion {
  /** Distance that the centre moves, mm. */
  millimetres: number;
  /** Angle of the rotation about its axis, degrees in [0, 180]. */
  degrees: number;
}

/** The motion of a rigid transform (LPS mm), told for a centre: the shift depends on it, the angle does not. */
export function motionOf(transform: mat4, centre: Point3): Motion {
  const moved = vec3.transformMat4(vec3.create(), centre, transform);
  const m = transform;
  // Twice the sine of the angle against twice its cosine: exact for small angles, where the cosine alone is not.
  const sine = Math.hypot(m[6] - m[9], m[8] - m[2], m[1] - m[4]);
  const cosine = m[0] + m[5] + m[10] - 1;
  return {
    millimetres: vec3.distance(moved, centre),
    degrees: (Math.atan2(sine, cosine) * 180) / Math.PI,
  };
}

/** The transform that undoes a rigid one. */
export function inverseOf(transform: mat4): mat4 {
  return mat4.invert(mat4.create(), transform)!;
}
