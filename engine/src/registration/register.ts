import { mat4, vec3 } from 'gl-matrix';
import { checkpoint } from '../errors';
import { boxShrink } from '../volume/resample';
import { indexToWorld, type Point3, spacingOf, type Volume } from '../volume/Volume';
import { binned } from './binned';
import { mutualInformation } from './mutualInformation';
import { extentOf } from './overlap';
import { type Minimum, powell } from './powell';
import { inverseOf, NO_MOTION, type RigidParameters, rigidMatrix } from './rigid';
import { type Samples, sample } from './samples';

/** What a registration found. */
export interface Registration {
  /** Rigid, LPS mm, from the source's header space to the reference's. */
  transform: mat4;
  /** Where the head is in the reference, LPS mm: motion is told for this point. */
  centre: Point3;
  /** Normalized mutual information by the headers alone, on samples the search never saw; 0 where they hardly overlap. */
  before: number;
  /** The same with the transform. */
  after: number;
  /** The same of the source's mirror image, left and right exchanged, laid onto the reference as well as it will go. */
  mirrored: number;
}

/** Millimetres that a radian moves the scalp, about 80 mm from the centre: makes angles and shifts one unit for the search. */
const ARM = 80;
/** Share of the smaller field of view that must lie in the other; with less, similarity is that of a corner. */
const LEAST_OVERLAP = 0.3;
const TILT = (12 * Math.PI) / 180;

const COARSE = { spacing: 4, samples: 12_000, search: { step: 4, tolerance: 0.5, rounds: 4 } };
const FINE = { spacing: 2, samples: 40_000, search: { step: 1, tolerance: 0.05, rounds: 8 } };
/** Only how well the mirror image fits is asked, not where. */
const MIRRORED_SEARCH = { step: 1, tolerance: 0.2, rounds: 4 };

/** Steps that one registration reports. */
export const REGISTRATION_STEPS = 8;

/**
 * Finds how a source must be moved to lie on a reference of the same head: rigid, by normalized mutual information, so
 * any two contrasts will do. Powell's search on volumes shrunk to about 4 mm from six starts, for a head that was turned or
 * lies elsewhere; then from the best of them at about 2 mm. The same input gives the same answer.
 * @param source any grid and unit; LPS
 * @param onStep called REGISTRATION_STEPS times
 * @throws SynthesisError `cancelled`
 */
export async function register(
  source: Volume,
  reference: Volume,
  onStep: () => void = () => {},
  signal?: AbortSignal,
): Promise<Registration> {
  const pause = () => checkpoint(signal);
  const [coarseSource, coarseReference] = [source, reference].map(v => binned(shrunk(v, COARSE.spacing)));
  const centre = centreOfMass(coarseReference);
  const shift = vec3.subtract([0, 0, 0], centreOfMass(coarseSource), centre) as Point3;
  const starts = [
    NO_MOTION,
    ...[
      [0, 0, 0],
      [TILT, 0, 0],
      [-TILT, 0, 0],
      [0, 0, TILT],
      [0, 0, -TILT],
    ].map(([x, y, z]) => [x, y, z, ...shift] as const),
  ];
  const coarse = measure(coarseSource, sample(coarseReference, COARSE.samples, 1), reference);
  let best: Minimum = { at: [...NO_MOTION], value: Number.POSITIVE_INFINITY };
  const search = (f: Similarity, from: readonly number[], how: typeof COARSE.search) =>
    powell(at => -f(rigidMatrix(parameters(at), centre)), from, { ...how, pause });
  for (const [rx, ry, rz, ...t] of starts) {
    const found = await search(coarse, [ARM * rx, ARM * ry, ARM * rz, ...t], COARSE.search);
    if (found.value < best.value) best = found;
    onStep();
  }
  const [fineSource, fineReference] = [source, reference].map(v => binned(shrunk(v, FINE.spacing)));
  await pause();
  const fine = measure(fineSource, sample(fineReference, FINE.samples, 2), reference);
  // Seen finely, the headers may be the better start after all.
  const [still, found] = [NO_MOTION, best.at].map(at => fine(rigidMatrix(parameters(at), centre)));
  best = await search(fine, still > found ? NO_MOTION : best.at, FINE.search);
  const judge = measure(fineSource, sample(fineReference, FINE.samples, 3), reference);
  const toSource = rigidMatrix(parameters(best.at), centre);
  onStep();
  const exchanged = (f: Similarity) => mirrored(f, centre);
  const near = await search(exchanged(coarse), best.at, COARSE.search);
  const image = await search(exchanged(fine), near.at, MIRRORED_SEARCH);
  onStep();
  return {
    transform: inverseOf(toSource),
    centre,
    before: judge(rigidMatrix(NO_MOTION, centre)),
    after: judge(toSource),
    mirrored: exchanged(judge)(rigidMatrix(parameters(image.at), centre)),
  };
}

type Similarity = (toSource: mat4) => number;

function measure(source: Volume, samples: Samples, reference: Volume): Similarity {
  const smaller = Math.min(1, extentOf(source) / extentOf(reference));
  return mutualInformation(samples, source, LEAST_OVERLAP * smaller * samples.bins.length);
}

/** The similarity with left and right exchanged about a plane through `centre`, before the motion. */
function mirrored(similarity: Similarity, [x]: Point3): Similarity {
  const mirror = mat4.fromTranslation(mat4.create(), [2 * x, 0, 0]);
  mat4.scale(mirror, mirror, [-1, 1, 1]);
  return toSource => similarity(mat4.multiply(mat4.create(), toSource, mirror));
}

function parameters([rx, ry, rz, tx, ty, tz]: readonly number[]): RigidParameters {
  return [rx / ARM, ry / ARM, rz / ARM, tx, ty, tz];
}

function shrunk(volume: Volume, spacing: number): Volume {
  const factor = spacingOf(volume).map(s => Math.max(1, Math.round(spacing / s))) as Point3;
  return boxShrink(volume, factor);
}

/** Of the values, LPS mm; the middle of the volume where it is flat. */
function centreOfMass(volume: Volume): Point3 {
  const [nx, ny, nz] = volume.dims;
  let [sum, x, y, z] = [0, 0, 0, 0];
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const v = volume.data[at];
        sum += v;
        x += v * i;
        y += v * j;
        z += v * k;
      }
    }
  }
  return indexToWorld(
    volume,
    sum > 0 ? [x / sum, y / sum, z / sum] : [(nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2],
  );
}
