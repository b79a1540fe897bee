import { eachRun, type Mask } from '../volume/Mask';
import { clip } from '../volume/normalize';
import { structuralSimilarity } from '../volume/ssim';
import { percentiles } from '../volume/statistics';
import type { Volume } from '../volume/Volume';

/** How like a prediction is to what was acquired, in the region. */
export interface Similarity {
  /** dB, for a peak of 1. */
  psnr: number;
  /** 3-D, window 7. */
  ssim: number;
  /** Mean absolute error; 1 is the range of the acquired image. */
  mae: number;
}

/** The percentiles of the acquired image that become 0 and 1. */
const RANGE = [0.5, 99.5];
/** Of equal images, dB. */
const LARGEST_PSNR = 120;

/**
 * Compares a prediction with the acquired image inside the region. The acquired one is clipped to its own 0.5
 * and 99.5 percentiles and scaled to [0, 1]; an MR image has no unit, so the prediction is first fitted to it
 * by a least-squares line, which never inverts its contrast.
 * @param predicted, acquired on one grid, any unit
 * @returns the figures, and predicted minus acquired in [-1, 1] on that grid, 0 outside the region
 * @throws RangeError when the region is empty
 */
export function compareImages(
  predicted: Volume,
  acquired: Volume,
  region: Mask,
): { figures: Similarity; difference: Float32Array } {
  const truth = scaled(acquired.data, region);
  const fitted = fittedTo(truth, predicted.data, region);
  const difference = new Float32Array(truth.length);
  let [squares, errors, count] = [0, 0, 0];
  eachRun(region, (start, end) => {
    for (let i = start; i < end; i++) {
      const error = fitted[i] - truth[i];
      difference[i] = error;
      squares += error * error;
      errors += Math.abs(error);
    }
    count += end - start;
  });
  const psnr = Math.min(LARGEST_PSNR, -10 * Math.log10(squares / count));
  const ssim = structuralSimilarity(fitted, truth, region, acquired.dims);
  return { figures: { psnr, ssim, mae: errors / count }, difference };
}

/** 0 outside the region. */
function scaled(values: Float32Array, region: Mask): Float32Array {
  const [low, high] = percentiles(values, region, RANGE);
  return lineOf(values, region, 1 / Math.max(high - low, 1e-6), -low / Math.max(high - low, 1e-6));
}

/** The prediction after the least-squares line onto the truth; a slope below 0 counts as 0. */
function fittedTo(truth: Float32Array, predicted: Float32Array, region: Mask): Float32Array {
  let [count, x, y] = [0, 0, 0];
  eachRun(region, (start, end) => {
    for (let i = start; i < end; i++) {
      x += predicted[i];
      y += truth[i];
    }
    count += end - start;
  });
  const [meanX, meanY] = [x / count, y / count];
  let [xx, xy] = [0, 0];
  eachRun(region, (start, end) => {
    for (let i = start; i < end; i++) {
      const dx = predicted[i] - meanX;
      xx += dx * dx;
      xy += dx * (truth[i] - meanY);
    }
  });
  const slope = xx > 0 && xy > 0 ? xy / xx : 0;
  return lineOf(predicted, region, slope, meanY - slope * meanX);
}

/** offset + slope * value, clipped to [0, 1]; 0 outside the region. */
function lineOf(values: Float32Array, region: Mask, slope: number, offset: number): Float32Array {
  const out = new Float32Array(values.length);
  eachRun(region, (start, end) => {
    for (let i = start; i < end; i++) out[i] = clip(offset + slope * values[i], 1);
  });
  return out;
}
