import { mat4 } from 'gl-matrix';
import { trilinearAt } from '../volume/interpolate';
import { type Volume, worldToIndex } from '../volume/Volume';
import type { Samples } from './samples';

/** Bins of the joint histogram along each axis. */
export const BINS = 32;
/** Values beyond these quantiles share the outermost bins, so that bright vessels leave enough for tissue. */
const QUANTILES = [0.005, 0.995];
/** Values that the quantiles are taken from, at most. */
const MAX_VALUES = 50_000;

/** The volume in units of bins, [0, BINS - 1]; all 0 when it is constant. */
export function quantize(volume: Volume): Volume {
  const every = Math.max(1, Math.floor(volume.data.length / MAX_VALUES));
  const some = volume.data.filter((_, i) => i % every === 0).sort();
  const [low, high] = QUANTILES.map(p => some[Math.round(p * (some.length - 1))]);
  const scale = high > low ? (BINS - 1) / (high - low) : 0;
  return { ...volume, data: volume.data.map(v => Math.min(BINS - 1, Math.max(0, (v - low) * scale))) };
}

/**
 * Normalized mutual information, (H(A) + H(B)) / H(A, B): Studholme, Hill and Hawkes, An overlap invariant
 * entropy measure of 3D medical image alignment (1999). A source value is split linearly between its two
 * nearest bins, so that the measure is continuous.
 * @param samples of the reference
 * @param source in units of bins
 * @param minSamples that must be inside the source
 * @returns a function of the transform from the reference's to the source's space (LPS mm): from 1 for
 *   independent images to 2 for images that determine each other; 0 with too few samples inside the source
 */
export function mutualInformation(
  { points, bins }: Samples,
  source: Volume,
  minSamples: number,
): (toSource: mat4) => number {
  const toIndex = worldToIndex(source);
  const m = mat4.create();
  const values = new Float32Array(bins.length);
  // One extra column, so that the last bin has a neighbour.
  const width = BINS + 1;
  const joint = new Float64Array(BINS * width);
  return toSource => {
    mat4.multiply(m, toIndex, toSource);
    joint.fill(0);
    let total = 0;
    trilinearAt(source, points, m, values);
    for (let n = 0; n < values.length; n++) {
      const v = values[n];
      if (Number.isNaN(v)) continue;
      const bin = v | 0;
      const at = width * bins[n] + bin;
      joint[at] += bin + 1 - v;
      joint[at + 1] += v - bin;
      total++;
    }
    return total < minSamples ? 0 : normalizedInformation(joint, width, total);
  };
}

/** Normalized mutual information of a joint histogram of `total` counts; 1 if either image is constant. */
function normalizedInformation(joint: Float64Array, width: number, total: number): number {
  const columns = new Float64Array(width);
  let [ofRows, ofColumns, ofJoint] = [0, 0, 0];
  for (let r = 0; r < joint.length; r += width) {
    let row = 0;
    for (let c = 0; c < width; c++) {
      const count = joint[r + c];
      row += count;
      columns[c] += count;
      ofJoint += nLogN(count);
    }
    ofRows += nLogN(row);
  }
  for (const count of columns) ofColumns += nLogN(count);
  const entropy = (sum: number) => Math.log(total) - sum / total;
  const jointEntropy = entropy(ofJoint);
  return jointEntropy > 1e-9 ? (entropy(ofRows) + entropy(ofColumns)) / jointEntropy : 1;
}

function nLogN(count: number): number {
  return count > 0 ? count * Math.log(count) : 0;
}
