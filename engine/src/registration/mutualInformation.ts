import { mat4 } from 'gl-matrix';
import { trilinearAt } from '../volume/trilinear';
import { type Volume, worldToIndex } from '../volume/Volume';
import { BINS } from './binned';
import type { Samples } from './samples';

/**
 * Normalized mutual information, (H(A) + H(B)) / H(A, B): Studholme, Hill and Hawkes, An overlap invariant entropy
 * measure of 3D medical image alignment (1999). A source's value is shared between the two bins it lies between, so that
 * the measure changes smoothly.
 * @param samples of the reference
 * @param source in units of bins
 * @param fewest samples that must lie in the source
 * @returns a function of the transform from the reference's to the source's space (LPS mm): 1, nothing in common, to 2, one
 *   determines the other; 0 where too few samples lie in the source
 */
export function mutualInformation(
  { points, bins }: Samples,
  source: Volume,
  fewest: number,
): (toSource: mat4) => number {
  const toIndex = worldToIndex(source);
  const m = mat4.create();
  const values = new Float32Array(bins.length);
  // One column more, so that the last bin has a neighbour.
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
    return total < fewest ? 0 : normalized(joint, width, total);
  };
}

/** Of a joint histogram whose counts sum to `total`; 1 where either side is flat. */
function normalized(joint: Float64Array, width: number, total: number): number {
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
  const together = entropy(ofJoint);
  return together > 1e-9 ? (entropy(ofRows) + entropy(ofColumns)) / together : 1;
}

function nLogN(count: number): number {
  return count > 0 ? count * Math.log(count) : 0;
}
