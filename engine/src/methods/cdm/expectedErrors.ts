import type { Mask } from '../../volume/Mask';
import { maskedMean } from '../../volume/statistics';
import type { Point3, Volume } from '../../volume/Volume';
import type { Stack } from '../Method';

/**
 * What is known of a voxel, by the names that a bundle's weights have: `scale`, the logarithm of the
 * networks' own guess of their error; `gradient`, the logarithm of the largest gradient magnitude among the
 * sources; `bright`, `dark` and `predicted`, the brightest source, the darkest and the prediction, each less
 * its mean over the region; and the products of these three.
 */
export const ERROR_TERMS = [
  'scale',
  'gradient',
  'bright',
  'dark',
  'predicted',
  'bright_bright',
  'dark_dark',
  'predicted_predicted',
  'bright_dark',
  'bright_predicted',
  'dark_predicted',
] as const;

/** Weights of the terms in the logarithm of the expected error. */
export type ErrorWeights = Readonly<Record<(typeof ERROR_TERMS)[number], number>>;

/** Smaller scales and gradients count as this, normalized units. */
const EPSILON = 0.003;

/**
 * The expected absolute error, but for a factor: the exponential of the weighted terms. Anatomy tells what
 * the networks' guess leaves out: borders, fluid and vessels are harder to predict than the inside of white
 * matter.
 * @param scale mean guess of the networks, normalized units
 * @param prediction mean of the samples, laid out as scale
 * @param sources normalized, 0 outside the region, on the prediction's grid
 * @returns normalized units, 0 outside the region
 */
export function expectedErrors(
  scale: Float32Array,
  prediction: Float32Array,
  sources: Stack,
  region: Mask,
  weights: ErrorWeights,
): Float32Array {
  const volumes = [...sources.values()];
  const means = volumes.map(({ data }) => maskedMean(data, region));
  const meanPrediction = maskedMean(prediction, region);
  const w = ERROR_TERMS.map(term => weights[term]);
  const out = new Float32Array(scale.length);
  for (let at = 0; at < out.length; at++) {
    if (!region[at]) continue;
    let [bright, dark, gradient] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
    for (let v = 0; v < volumes.length; v++) {
      const value = volumes[v].data[at] - means[v];
      bright = Math.max(bright, value);
      dark = Math.min(dark, value);
      gradient = Math.max(gradient, gradientMagnitude(volumes[v], at));
    }
    const predicted = prediction[at] - meanPrediction;
    out[at] = Math.exp(
      w[0] * Math.log(Math.max(EPSILON, scale[at])) +
        w[1] * Math.log(Math.max(EPSILON, gradient)) +
        bright * (w[2] + w[5] * bright + w[8] * dark + w[9] * predicted) +
        dark * (w[3] + w[6] * dark + w[10] * predicted) +
        predicted * (w[4] + w[7] * predicted),
    );
  }
  return out;
}

/** Magnitude of the gradient by central differences, a voxel; the outermost voxels are repeated. */
function gradientMagnitude({ data, dims }: Volume, at: number): number {
  const [nx, ny, nz]: Point3 = dims;
  const plane = nx * ny;
  const i = at % nx;
  const j = Math.floor(at / nx) % ny;
  const k = Math.floor(at / plane);
  const di = data[i < nx - 1 ? at + 1 : at] - data[i > 0 ? at - 1 : at];
  const dj = data[j < ny - 1 ? at + nx : at] - data[j > 0 ? at - nx : at];
  const dk = data[k < nz - 1 ? at + plane : at] - data[k > 0 ? at - plane : at];
  return Math.sqrt(di * di + dj * dj + dk * dk) / 2;
}
