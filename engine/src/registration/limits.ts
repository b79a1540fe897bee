import type { Motion } from './rigid';

/** What registration must know of the anatomy: how it moves, and how alike two images of it are. */
export interface RegistrationLimits {
  /** Motion below both is not corrected. */
  negligibleMotion: Motion;
  /** Motion beyond either needs a look at the images. */
  largeMotion: Motion;
  /** Motion beyond either is refused as a failed search. */
  maxMotion: Motion;
  /** Variation of normalized mutual information without motion, due to sampling and to the two grids. */
  similarityNoise: number;
  /** Similarity below this is refused. */
  minSimilarity: number;
  /** Ratio of (similarity - 1) to that of the mirrored source above which left and right are certain. */
  mirrorRatio: number;
  /** Similarity below this is doubtful: another patient may reach it. */
  samePatientSimilarity: number;
  /** Above any two patients. */
  certainSimilarity: number;
  /** Displacement of the surface per radian, mm: gives rotations and translations one unit in the search. */
  rotationScale: number;
  /** Rotation about x and z of the additional starts, radians. */
  startAngle: number;
}
