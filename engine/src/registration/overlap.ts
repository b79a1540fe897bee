import { vec3 } from 'gl-matrix';
import { type RoleId, roleLabel } from '../domains/Role';
import { SynthesisError } from '../errors';
import { message } from '../messages';
import { type Grid, indexToWorld, type Point3, spacingOf, voxelCount, worldToIndex } from '../volume/Volume';

/** Lattice points along each axis. */
const LATTICE = 24;

/** Volume of a grid's field of view, mm^3. */
export function fieldOfViewVolume(grid: Grid): number {
  return spacingOf(grid).reduce((product, mm) => product * mm, voxelCount(grid));
}

/** Share of the smaller field of view that is inside the other by their headers, in [0, 1]. */
export function overlap(a: Grid, b: Grid): number {
  const [small, large] = fieldOfViewVolume(a) < fieldOfViewVolume(b) ? [a, b] : [b, a];
  const toLarge = worldToIndex(large);
  let inside = 0;
  for (let n = 0; n < LATTICE ** 3; n++) {
    const cell = [n, n / LATTICE, n / LATTICE ** 2].map(c => Math.floor(c) % LATTICE);
    const index = cell.map((c, r) => ((c + 0.5) / LATTICE) * small.dims[r] - 0.5) as Point3;
    const at = vec3.transformMat4([0, 0, 0], indexToWorld(small, index), toLarge) as Point3;
    if (at.every((v, r) => v >= -0.5 && v <= large.dims[r] - 0.5)) inside++;
  }
  return inside / LATTICE ** 3;
}

/** The error for a source that does not overlap the reference. */
export function noOverlap(role: RoleId, reference: RoleId): SynthesisError {
  return new SynthesisError(
    'no-overlap',
    message('registration/no-overlap', {
      source: roleLabel(role),
      reference: roleLabel(reference),
    }),
  );
}
