import type { RoleId } from '../../domains/Role';
import { solve } from '../../volume/solve';
import { medianLow, percentileOf } from '../../volume/statistics';
import type { Volume } from '../../volume/Volume';
import type { Stack } from '../Method';
import type { CmdmManifest } from './manifest';

/** Difference of two Laplacians (Immerkaer 1996); of what is smooth it leaves nothing. */
const MASK = [1, -2, 1, -2, 4, -2, 1, -2, 1];
/** What it does to the standard deviation of white noise. */
const GAIN = 6;
/** Of the absolute value of a standard normal number. */
const NORMAL_MEDIAN = 0.6745;
/** Natural logarithms of the levels: exp(-6) to exp(-3), normalized intensity. */
const [LEAST, RANGE] = [-6, 3];
/** Of a volume, around the middle of what it shows. */
const SLICES = 12;

/**
 * What the network is told of the noise of missing contrasts, by role, about 0 to 1. It cannot be seen in a
 * prior, which is smooth, but that of a patient's images goes together: it is expected from that of the
 * sources.
 */
export function expectedNoise(
  { noise_level: { mean, covariance } }: CmdmManifest,
  sources: Stack,
  targets: readonly RoleId[],
): Map<RoleId, number> {
  const known = [...sources.keys()];
  const between = known.map(a => known.map(b => covariance[a][b]));
  const differences = [...sources].map(([role, volume]) => noiseLevel(volume) - mean[role]);
  const scaled = solve(between, differences);
  const expected = (target: RoleId) =>
    known.reduce((sum, role, n) => sum + covariance[role][target] * scaled[n], mean[target]);
  return new Map(targets.map(target => [target, (expected(target) - LEAST) / RANGE]));
}

/**
 * Natural logarithm of the standard deviation of a volume's noise.
 * @param volume normalized, 0 outside the region; slices along k
 */
export function noiseLevel({ data, dims: [width, height] }: Volume): number {
  const plane = width * height;
  const shown: Float32Array[] = [];
  for (let from = 0; from < data.length; from += plane) {
    const slice = data.subarray(from, from + plane);
    if (slice.some(v => v > 0)) shown.push(slice);
  }
  const middle = shown.slice(Math.max(0, Math.floor((shown.length - SLICES) / 2))).slice(0, SLICES);
  return middle.length ? medianLow(middle.map(slice => levelOf(slice, width))) : LEAST;
}

/** By the median, so that edges do not matter; LEAST where nothing can be told. */
function levelOf(slice: Float32Array, width: number): number {
  const around = [-width, 0, width].flatMap(row => [row - 1, row, row + 1]);
  const found: number[] = [];
  for (let at = width + 1; at < slice.length - width - 1; at++) {
    const column = at % width;
    if (column === 0 || column === width - 1) continue;
    let sum = 0;
    let shown = true;
    for (let n = 0; n < around.length && shown; n++) {
      const value = slice[at + around[n]];
      shown = value > 0;
      sum += MASK[n] * value;
    }
    if (shown) found.push(Math.abs(sum));
  }
  if (!found.length) return LEAST;
  const deviation = percentileOf(Float32Array.from(found), 50) / (GAIN * NORMAL_MEDIAN);
  return Math.min(Math.max(Math.log(deviation), LEAST), LEAST + RANGE);
}
