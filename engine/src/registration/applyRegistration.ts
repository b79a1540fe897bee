import { mat4 } from 'gl-matrix';
import type { Contrast } from '../contrast/Contrast';
import type { RegistrationRecord } from '../dicom/record';
import type { Volume } from '../volume/Volume';

/**
 * The volumes as they lie in the reference's space. No voxel changes: a registered source only gets another indexToWorld,
 * so that it is interpolated once, later, like any other.
 */
export function applyRegistration(
  volumes: ReadonlyMap<Contrast, Volume>,
  registration: readonly RegistrationRecord[],
): Map<Contrast, Volume> {
  const moved = new Map(volumes);
  for (const { contrast, transform } of registration) {
    const volume = volumes.get(contrast);
    if (!volume || !transform) continue;
    const indexToWorld = mat4.multiply(mat4.create(), transform as mat4, volume.indexToWorld);
    moved.set(contrast, { ...volume, indexToWorld });
  }
  return moved;
}
