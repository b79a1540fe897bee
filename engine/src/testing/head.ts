import type { Point3 } from '../volume/Volume';

/** Half axes of the brain of the test head along L, P, S, mm: 1.2 L. */
export const BRAIN_AXES: Point3 = [60, 72, 66];
export const BRAIN_CENTRE: Point3 = [5, -8, 12];

/** 1 on the ellipsoid that lies `margin` mm outside the brain. */
export function radius([x, y, z]: Point3, margin = 0): number {
  const [a, b, c] = BRAIN_AXES;
  const [cx, cy, cz] = BRAIN_CENTRE;
  return Math.hypot((x - cx) / (a + margin), (y - cy) / (b + margin), (z - cz) / (c + margin));
}

export const inBrain = (world: Point3): boolean => radius(world) <= 1;

/** Brain of values that are a linear function of the world, a dark skull of 8 mm, scalp of 7 mm, then air. */
export function head(world: Point3): number {
  const [x, y, z] = world;
  if (radius(world) <= 1) return 210 + 0.7 * x - 0.5 * y + 0.4 * z;
  if (radius(world, 8) <= 1) return 20;
  return radius(world, 15) <= 1 ? 400 : 0;
}
