import { mat4 } from 'gl-matrix';
import type { RegistrationRecord } from '../dicom/record';
import type { Contrast } from '../domains/Role';
import type { Volume } from '../volume/Volume';

/** Alignment of a source with the reference by the images; a shared FrameOfReferenceUID proves nothing. */
export interface Alignment {
  contrast: Contrast;
  /** 4x4 rigid, LPS mm, from the source's header space to the reference's; identity if the header is kept. */
  transform: mat4;
  /** Measured motion between the header spaces: displacement of the centre of the head, mm. */
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
  /** The source fits no better than another head would: it may be one, or this head upside down. */
  doubtful: boolean;
}

/** The part of the alignments that a derived series records. */
export function registrationRecords(alignments: ReadonlyMap<Contrast, Alignment>): RegistrationRecord[] {
  return [...alignments.values()].map(({ contrast, millimetres, degrees, transform, verdict }) => ({
    contrast,
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
  volumes: ReadonlyMap<Contrast, Volume>,
  registration: readonly RegistrationRecord[],
): Map<Contrast, Volume> {
  const registered = new Map(volumes);
  for (const { contrast, transform } of registration) {
    const volume = volumes.get(contrast);
    if (!volume || !transform) continue;
    const indexToWorld = mat4.multiply(mat4.create(), transform as mat4, volume.indexToWorld);
    registered.set(contrast, { ...volume, indexToWorld });
  }
  return registered;
}
