import { mat4, vec3 } from 'gl-matrix';
import { checkpoint } from '../errors';
import { binShrink } from '../volume/resample';
import { indexToWorld, type Point3, spacingOf, type Volume } from '../volume/Volume';
import type { RegistrationLimits } from './limits';
import { mutualInformation, quantize } from './mutualInformation';
import { fieldOfViewVolume } from './overlap';
import { type Minimum, powell } from './powell';
import { inverseOf, NO_MOTION, type RigidParameters, rigidMatrix } from './rigid';
import { type Samples, sampleReference } from './samples';

/** Result of a registration. */
export interface Registration {
  /** 4x4 rigid, LPS mm, from the source's header space to the reference's. */
  transform: mat4;
  /** Centre of mass of the reference, LPS mm; motion is measured at this point. */
  centre: Point3;
  /** Normalized mutual information by the headers, on held-out samples; 0 when the two hardly overlap. */
  before: number;
  /** The same with `transform`. */
  after: number;
  /** The same of the mirrored source (left and right exchanged), registered as well as possible. */
  mirrored: number;
}

/** Share of the smaller field of view that must be inside the other for a similarity. */
const MIN_OVERLAP = 0.3;

const COARSE = { spacing: 4, samples: 12_000, search: { step: 4, tolerance: 0.5, maxIterations: 4 } };
const FINE = { spacing: 2, samples: 40_000, search: { step: 1, tolerance: 0.05, maxIterations: 8 } };
/** Coarser than FINE.search: only the similarity of the mirrored source matters, not its position. */
const MIRRORED_SEARCH = { step: 1, tolerance: 0.2, maxIterations: 4 };

/** Number of steps that one registration reports. */
export const REGISTRATION_STEPS = 8;

/**
 * Rigid registration of a source to a reference of the same patient, in any roles; deterministic. Normalized
 * mutual information; Powell's method from six starts at about 4 mm, then from the best at about 2 mm.
 * @param source any grid and unit; LPS
 * @param onStep called REGISTRATION_STEPS times
 * @throws SynthesisError `cancelled`
 */
export async function register(
  source: Volume,
  reference: Volume,
  { rotationScale, startAngle }: Pick<RegistrationLimits, 'rotationScale' | 'startAngle'>,
  onStep: () => void = () => {},
  signal?: AbortSignal,
): Promise<Registration> {
  const onIteration = () => checkpoint(signal);
  /** Search coordinates (mm) to rigid parameters. */
  const parameters = ([rx, ry, rz, tx, ty, tz]: readonly number[]): RigidParameters => [
    rx / rotationScale,
    ry / rotationScale,
    rz / rotationScale,
    tx,
    ty,
    tz,
  ];
  const [coarseSource, coarseReference] = [source, reference].map(v => quantize(shrinkTo(v, COARSE.spacing)));
  const centre = centreOfMass(coarseReference);
  const shift = vec3.subtract([0, 0, 0], centreOfMass(coarseSource), centre) as Point3;
  const starts = [
    NO_MOTION,
    ...[
      [0, 0, 0],
      [startAngle, 0, 0],
      [-startAngle, 0, 0],
      [0, 0, startAngle],
      [0, 0, -startAngle],
    ].map(([x, y, z]) => [x, y, z, ...shift] as const),
  ];
  const coarse = similarityOf(coarseSource, sampleReference(coarseReference, COARSE.samples, 1), reference);
  let best: Minimum = { at: [...NO_MOTION], value: Number.POSITIVE_INFINITY };
  const search = (f: Similarity, from: readonly number[], settings: typeof COARSE.search) =>
    powell(at => -f(rigidMatrix(parameters(at), centre)), from, { ...settings, onIteration });
  for (const [rx, ry, rz, ...translation] of starts) {
    const rotation = [rx, ry, rz].map(angle => rotationScale * angle);
    const found = await search(coarse, [...rotation, ...translation], COARSE.search);
    if (found.value < best.value) best = found;
    onStep();
  }
  const [fineSource, fineReference] = [source, reference].map(v => quantize(shrinkTo(v, FINE.spacing)));
  await onIteration();
  const fine = similarityOf(fineSource, sampleReference(fineReference, FINE.samples, 2), reference);
  // At the fine level the headers may be the better start after all.
  const [byHeaders, found] = [NO_MOTION, best.at].map(at => fine(rigidMatrix(parameters(at), centre)));
  best = await search(fine, byHeaders > found ? NO_MOTION : best.at, FINE.search);
  const heldOut = similarityOf(fineSource, sampleReference(fineReference, FINE.samples, 3), reference);
  const toSource = rigidMatrix(parameters(best.at), centre);
  onStep();
  const mirrored = (f: Similarity) => mirroredSimilarity(f, centre);
  const nearest = await search(mirrored(coarse), best.at, COARSE.search);
  const image = await search(mirrored(fine), nearest.at, MIRRORED_SEARCH);
  onStep();
  return {
    transform: inverseOf(toSource),
    centre,
    before: heldOut(rigidMatrix(NO_MOTION, centre)),
    after: heldOut(toSource),
    mirrored: mirrored(heldOut)(rigidMatrix(parameters(image.at), centre)),
  };
}

type Similarity = (toSource: mat4) => number;

function similarityOf(source: Volume, samples: Samples, reference: Volume): Similarity {
  const smaller = Math.min(1, fieldOfViewVolume(source) / fieldOfViewVolume(reference));
  return mutualInformation(samples, source, MIN_OVERLAP * smaller * samples.bins.length);
}

/** The similarity of the source mirrored at the sagittal plane through `centre`. */
function mirroredSimilarity(similarity: Similarity, [x]: Point3): Similarity {
  const mirror = mat4.fromTranslation(mat4.create(), [2 * x, 0, 0]);
  mat4.scale(mirror, mirror, [-1, 1, 1]);
  return toSource => similarity(mat4.multiply(mat4.create(), toSource, mirror));
}

/** The volume at about `spacing` mm. */
function shrinkTo(volume: Volume, spacing: number): Volume {
  const factor = spacingOf(volume).map(s => Math.max(1, Math.round(spacing / s))) as Point3;
  return binShrink(volume, factor);
}

/** Centre of mass of the values, LPS mm; the centre of the volume when all are 0. */
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
