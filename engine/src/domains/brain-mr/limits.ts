import type { RegistrationLimits } from '../../registration/limits';
import type { Point3 } from '../../volume/Volume';
import type { Domain } from '../Domain';

/** Extents that hold a brain: along the slices' normal, in their plane, and its height, mm. */
export const EXTENT = { along: 150, inPlane: 180, height: 140 };
/** Minimum extents along L, P and H that hold an adult brain, mm. */
export const ADULT_EXTENT: Point3 = [130, 160, 110];
/** Smallest plausible brain volume, mL; else extraction failed or the field of view misses the brain. */
export const SMALLEST_BRAIN = 200;
/** Range of adult brain volumes, including errors of the extraction, mL. */
export const ADULT_VOLUME = [800, 2000] as const;
/** Minimum shares of the brain in a source. */
export const COVERED = { amber: 0.97, red: 0.5 };
/** Maximum slice spacing, mm; routine brain series have up to 6 mm. */
export const SLICE_SPACING = { amber: 6.5, red: 12 };

/**
 * Percentiles of the brain between which a synthetic image is displayed. Grey and white matter lie twice as
 * far apart as over the whole range, or further; fluid saturates, which is dark on all but T2.
 */
export const WINDOWS: Domain['windows'] = {
  t1: [12, 99],
  // Leaves room for vessels and what enhances.
  t1ce: [10, 99.5],
  t2: [2, 95],
  flair: [12, 99],
};

/** A head in its coil; docs/registration-acceptance.md has the measurements. */
export const REGISTRATION: RegistrationLimits = {
  // A still head measures 0.4 mm, and 1 mm is harmless at 1 mm voxels.
  negligibleMotion: { millimetres: 1, degrees: 1 },
  largeMotion: { millimetres: 15, degrees: 10 },
  // A head in its coil rotates by 30 degrees at most. It is about 180 mm long, so a shift of 100 mm leaves
  // less than half of it in place.
  maxMotion: { millimetres: 100, degrees: 45 },
  // 0.004 between still phantoms with 5 mm slices. Correcting 10 degrees and 3 mm gains 0.08.
  similarityNoise: 0.005,
  // Noise against a head reaches 1.00, any two heads reach 1.11.
  minSimilarity: 1.03,
  // At least 1.1 for the same head, about 1 for another head or one upside down.
  mirrorRatio: 1.06,
  // Two contrasts of one head reach 1.19 or more, even in 5.5 mm slices.
  samePatientSimilarity: 1.17,
  // Any two patients reach 1.23 at most; a pair above this may be symmetric, as phantoms are.
  certainSimilarity: 1.3,
  // The scalp is about 80 mm from the centre.
  rotationScale: 80,
  startAngle: (12 * Math.PI) / 180,
};
