import { mat4, vec3 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import type { Point3 } from '../volume/Volume';
import { inverseOf, motionOf, NO_MOTION, type RigidParameters, rigidMatrix } from './rigid';

const centre: Point3 = [10, -20, 30];
const motions: RigidParameters[] = [
  NO_MOTION,
  [0, 0, 0, 3, -4, 12],
  [0.2, -0.1, 0.3, 5, 6, -7],
  [-3, 1.2, 2.5, 0, 0, 90],
];

describe('rigidMatrix', () => {
  it.each(motions)('is a proper rotation and a shift: %f %f %f %f %f %f', (...parameters) => {
    const m = rigidMatrix(parameters, centre);
    expect(mat4.determinant(m)).toBeCloseTo(1, 5);
    const moved = vec3.transformMat4(vec3.create(), centre, m);
    for (const r of [0, 1, 2]) expect(moved[r] - centre[r]).toBeCloseTo(parameters[3 + r], 4);
    const [a, b] = [
      [1, 2, 3],
      [-40, 55, 7],
    ].map(p => vec3.transformMat4(vec3.create(), p as Point3, m));
    expect(vec3.distance(a, b)).toBeCloseTo(Math.hypot(41, 53, 4), 4);
  });
});

describe('motionOf', () => {
  it('tells the angle and the shift of the centre', () => {
    for (const angle of [1e-4, 0.01, 0.5, 3]) {
      for (const axis of [0, 1, 2]) {
        const parameters = [0, 0, 0, 3, 4, 12].map((v, r) => (r === axis ? angle : v));
        const motion = motionOf(rigidMatrix(parameters as unknown as RigidParameters, centre), centre);
        expect(motion.degrees).toBeCloseTo((angle * 180) / Math.PI, 3);
        expect(motion.millimetres).toBeCloseTo(13, 4);
      }
    }
  });

  it('is the same angle backwards, and none after both', () => {
    for (const parameters of motions) {
      const m = rigidMatrix(parameters, centre);
      expect(motionOf(inverseOf(m), centre).degrees).toBeCloseTo(motionOf(m, centre).degrees, 3);
      const { degrees, millimetres } = motionOf(mat4.multiply(mat4.create(), inverseOf(m), m), centre);
      expect(degrees).toBeLessThan(1e-3);
      expect(millimetres).toBeLessThan(1e-3);
    }
  });
});
