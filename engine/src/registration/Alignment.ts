import { mat4 } from 'gl-matrix';
import type { RegistrationRecord } from '../dicom/record';
import type { RoleId } from '../domains/Role';
import type { Volume } from '../volume/Volume';

/** Alignment of a source with the reference by the images; a shared FrameOfReferenceUID proves nothing. */
export interface Alignment {
  role: RoleId;
  /** 4x4 rigid, LPS mm, from the source's header space to the reference's; identity if the header is kept. */
  transform: mat4;
  /** Measured motion between the header spaces: displacement of the centre of the image, mm. */
  millimetres: number;
  /** Measured rotation, degrees. */
  degrees: number;
  /**
   * Normalized mutual information in [1, 2]: by the headers, with the transform, and of the mirrored source;
   * 0 when the two hardly overlap.
   */
  similarity: { before: number; after: number; mirrored: number };
  /** `aligned`: too little motion to correct, the header is kept. `registered`: the transform corrects it. */
  verdict: 'aligned' | 'registered';
  /** The source fits no better than one of another patient would: it may be one, or lie upside down. */
  doubtful: boolean;
}

/** The part of the alignments that a derived series records. */
export function registrationRecords(alignments: ReadonlyMap<RoleId, Alignment>): RegistrationRecord[] {
  return [...alignments.values()].map(({ role, millimetres, degrees, transform, verdict }) => ({
    role,
    millimetres,
    degrees,
    ...(verdict === 'registered' && { transform: [...transform] }),
  }));
}

/**
 * The volumes in the space of the reference. No voxel changes: a registered source gets another indexToWorld,
 * so that it is resampled only once, later.
 */
export function applyRegistration(
  volumes: ReadonlyMap<RoleId, Volume>,
  registration: readonly RegistrationRecord[],
): Map<RoleId, Volume> {
  const registered = new Map(volumes);
  for (const { role, transform } of registration) {
    const volume = volumes.get(role);
    if (!volume || !transform) continue;
    const indexToWorld = mat4.multiply(mat4.create(), transform as mat4, volume.indexToWorld);
    registered.set(role, { ...volume, indexToWorld });
  }
  return registered;
}
