import type { Uncertainty } from '../methods/Method';
import { boundingBox, crop, cropValues } from '../volume/box';
import type { ErrorUnit } from '../volume/ErrorMap';
import { eachLesion, type LesionProbabilities, type OfLesions } from '../volume/LesionProbabilities';
import type { Mask } from '../volume/Mask';
import { maskedMean } from '../volume/statistics';
import type { Grid, Volume } from '../volume/Volume';

/**
 * What is kept of a result's uncertainty until its map is asked for (`errorMap`): a byte a voxel around the
 * region, on the model grid. Plain data: it crosses a worker's border.
 */
export interface CompactErrors extends Grid {
  /** Square roots of the expected absolute errors: 255 is that of `largest`, 0 is no error. */
  roots: Uint8Array<ArrayBuffer>;
  /** The largest of them, normalized units. */
  largest: number;
  /** Their mean over the region, normalized units. */
  mean: number;
  /** What is 100 % of `unit`, normalized units. */
  full: number;
  unit: ErrorUnit;
  /** In which something cannot be told; `mask` is laid out as the errors. */
  region?: { mask: Uint8Array<ArrayBuffer>; text: string };
  /** Probabilities of lesions, laid out as the errors: 255 is 1. */
  lesions?: OfLesions<Uint8Array<ArrayBuffer>>;
}

/**
 * Compacts the uncertainty of a prediction.
 * @param region in which the prediction was made, on its grid
 * @param signal of the white matter in this contrast, normalized units, where the bundle says it
 * @param lesions on the same grid
 */
export function compactErrors(
  { spread, indeterminate }: Uncertainty,
  region: Mask,
  signal?: number,
  lesions?: LesionProbabilities,
): CompactErrors {
  // One voxel of zeros around the region is enough for interpolation.
  const box = boundingBox(region, spread.dims, 1);
  const { data, ...grid } = crop(spread, box);
  let largest = 0;
  for (let at = 0; at < data.length; at++) largest = Math.max(largest, data[at]);
  const roots = new Uint8Array(data.length);
  const scale = largest > 0 ? 255 / Math.sqrt(largest) : 0;
  for (let at = 0; at < data.length; at++) roots[at] = Math.round(Math.sqrt(data[at]) * scale);
  return {
    ...grid,
    roots,
    largest,
    mean: maskedMean(spread.data, region),
    full: signal ?? 1,
    unit: signal === undefined ? 'range' : 'white-matter',
    ...(indeterminate && {
      region: {
        mask: new Uint8Array(cropValues(indeterminate.mask, spread.dims, box)),
        text: indeterminate.text,
      },
    }),
    ...(lesions && {
      lesions: eachLesion(lesions, probabilities => bytesOf(crop(probabilities, box).data)),
    }),
  };
}

/** Probabilities in bytes: 255 is 1. */
function bytesOf(probabilities: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(probabilities.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.round(255 * probabilities[at]);
  return bytes;
}

/** The expected absolute errors, normalized units, within 1/255 of the root of the largest. */
export function expandErrors({ dims, indexToWorld, roots, largest }: CompactErrors): Volume {
  const errors = Float32Array.from({ length: 256 }, (_, root) => (root / 255) ** 2 * largest);
  const data = new Float32Array(roots.length);
  for (let at = 0; at < data.length; at++) data[at] = errors[roots[at]];
  return { dims, indexToWorld, data };
}

/** The probabilities of lesions, within 1/510. */
export function expandLesions({
  dims,
  indexToWorld,
  lesions,
}: CompactErrors): LesionProbabilities | undefined {
  if (!lesions) return undefined;
  return eachLesion(lesions, bytes => {
    const data = new Float32Array(bytes.length);
    for (let at = 0; at < data.length; at++) data[at] = bytes[at] / 255;
    return { dims, indexToWorld, data };
  });
}
