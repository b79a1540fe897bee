import { mat4 } from 'gl-matrix';
import type { Point3, Volume } from '../volume/Volume';
import { BRAIN_CENTRE, head, inBrain } from './head';

/** A test head without a symmetry, LPS mm: its brain is folded, its scalp has a nose. */
export function lopsided(world: Point3): number {
  const [x, y, z] = world.map((v, r) => v - BRAIN_CENTRE[r]);
  if (inBrain(world))
    return 200 + 45 * Math.sin(x / 8 + 1) * Math.cos(y / 10 + z / 14) + 45 * Math.sin(z / 9 + y / 16);
  return Math.hypot(x - 4, y + 84, z + 30) < 16 ? 400 : head(world);
}

/** The same head in another contrast: no linear function of the first. */
export function other(world: Point3): number {
  const value = lopsided(world);
  return inBrain(world) ? 700 - 2 * value : 0.6 * value;
}

/**
 * The volume with a header that says that the head lay elsewhere: `transform` (LPS mm) leads from the truth
 * to the header.
 */
export function moved(volume: Volume, transform: mat4): Volume {
  return { ...volume, indexToWorld: mat4.multiply(mat4.create(), transform, volume.indexToWorld) };
}
