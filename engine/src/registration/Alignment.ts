import type { mat4 } from 'gl-matrix';
import type { Contrast } from '../contrast/Contrast';
import type { RegistrationRecord } from '../dicom/record';

/** How a source lies on the reference, as measured from the images: a shared FrameOfReferenceUID proves nothing. */
export interface Alignment {
  contrast: Contrast;
  /** 4x4 rigid, LPS mm, from the source's header space into the reference's; the identity where the header is kept. */
  transform: mat4;
  /** Motion that was found between the headers' spaces: of the centre of the head, mm. */
  millimetres: number;
  /** The rotation that was found, degrees. */
  degrees: number;
  /**
   * Normalized mutual information, [1, 2]: by the headers, by what was found, and of the source's mirror image; 0 where the two
   * hardly overlap.
   */
  similarity: { before: number; after: number; mirrored: number };
  /** `aligned`: too little motion to correct, the header is kept. `registered`: the transform corrects it. */
  verdict: 'aligned' | 'registered';
  /** The source fits no better than another head would: it may show one, or this one turned over. */
  doubtful: boolean;
}

/** What a derived series records of them. */
export function registrationRecords(alignments: ReadonlyMap<Contrast, Alignment>): RegistrationRecord[] {
  return [...alignments.values()].map(({ contrast, millimetres, degrees, transform, verdict }) => ({
    contrast,
    millimetres,
    degrees,
    ...(verdict === 'registered' && { transform: [...transform] }),
  }));
}
