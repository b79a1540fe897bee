import type { Mask } from '../../volume/Mask';
import { maskedMean } from '../../volume/statistics';
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
  const [{ dims }] = sources.values();
  const volumes = [...sources.values()].map(({ data }) => ({ data, mean: maskedMean(data, region) }));
  const meanPrediction = maskedMean(prediction, region);
  const w = ERROR_TERMS.map(term => weights[term]);
  const out = new Float32Array(scale.length);
  const [nx, ny, nz] = dims;
  const plane = nx * ny;
  for (let k = 0, at = 0; k < nz; k++) {
    const [below, above] = [k > 0 ? plane : 0, k < nz - 1 ? plane : 0];
    for (let j = 0; j < ny; j++) {
      const [before, behind] = [j > 0 ? nx : 0, j < ny - 1 ? nx : 0];
      for (let i = 0; i < nx; i++, at++) {
        if (!region[at]) continue;
        let bright = Number.NEGATIVE_INFINITY;
        let dark = Number.POSITIVE_INFINITY;
        let steepest = 0;
        for (const { data, mean } of volumes) {
          const value = data[at] - mean;
          if (value > bright) bright = value;
          if (value < dark) dark = value;
          // Central differences over two voxels; the outermost voxels are repeated.
          const di = data[i < nx - 1 ? at + 1 : at] - data[i > 0 ? at - 1 : at];
          const dj = data[at + behind] - data[at - before];
          const dk = data[at + above] - data[at - below];
          const squared = di * di + dj * dj + dk * dk;
          if (squared > steepest) steepest = squared;
        }
        const gradient = Math.sqrt(steepest) / 2;
        const predicted = prediction[at] - meanPrediction;
        out[at] = Math.exp(
          w[0] * Math.log(Math.max(EPSILON, scale[at])) +
            w[1] * Math.log(Math.max(EPSILON, gradient)) +
            bright * (w[2] + w[5] * bright + w[8] * dark + w[9] * predicted) +
            dark * (w[3] + w[6] * dark + w[10] * predicted) +
            predicted * (w[4] + w[7] * predicted),
        );
      }
    }
  }
  return out;
}
