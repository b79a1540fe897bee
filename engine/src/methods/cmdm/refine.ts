import { mulberry32 } from '../../inference/mulberry32';
import type { Tensor } from '../../inference/Runtime';
import { sample } from '../../inference/sampler';
import { standardNormal } from '../../inference/standardNormal';
import type { Mask } from '../../volume/Mask';
import type { CmdmManifest } from './manifest';

/** What the network is conditioned on, besides the share of signal. */
export type Conditions = Readonly<
  Record<'images' | 'availability' | 'prior' | 'target' | 'noise_level', Tensor>
>;

/** White noise of a slice, of a path: `draw` counts them through all cascades. */
export type NoiseOf = (slice: number, draw: number) => Float32Array;

/** Draws of a slice at most; more than paths and cascades can be. */
const DRAWS = 256;

/** Noise of a seed and role, the same for a slice whatever else is made. */
export function whiteNoise(seed: number, role: number, plane: number): NoiseOf {
  return (slice, draw) => {
    const n = (role * 4096 + slice) * DRAWS + draw + 1;
    return standardNormal(mulberry32(seed + Math.imul(n, 0x9e3779b1)), plane);
  };
}

/**
 * Paths from the noised prior back, in cascades: residuals in units of the prior's deviation. The next
 * cascade starts half way from what the last one started with to the mean of its paths, as we read the
 * paper's residual averaging. The spread of the last paths is bounded by the noise at their start: it tells
 * how open the texture is, and cannot doubt what the prior is sure of.
 * @param inside the region on the slab
 */
export async function refine(
  { grid, alpha_bar }: CmdmManifest,
  { paths, cascades }: { paths: number; cascades: number },
  conditions: Conditions,
  inside: Mask,
  slab: readonly number[],
  noiseOf: NoiseOf,
  run: (inputs: Readonly<Record<string, Tensor>>) => Promise<Readonly<Record<string, Tensor>>>,
): Promise<{ mean: Float32Array; spread: Float32Array }> {
  const [slices, , rows, columns] = conditions.images.dims;
  const plane = rows * columns;
  const [keep, add] = [Math.sqrt(alpha_bar[0]), Math.sqrt(1 - alpha_bar[0])];
  const denoise = async (noisy: Float32Array, n: number) => {
    const { residual } = await run({
      ...conditions,
      noisy: { dims: [slices, 1, rows, columns], data: noisy.map((v, i) => v * inside[i]) },
      signal: { dims: [slices, 1], data: new Float32Array(slices).fill(Math.sqrt(alpha_bar[n])) },
    });
    return residual.data;
  };
  let start = new Float32Array(grid.slab * plane);
  let found = { mean: start, spread: start };
  for (let cascade = 0; cascade < cascades; cascade++) {
    const made: Float32Array[] = [];
    for (let path = 0; path < paths; path++) {
      const white = new Float32Array(grid.slab * plane);
      for (const [s, z] of slab.entries()) white.set(noiseOf(z, cascade * paths + path), s * plane);
      const noised = white.map((v, i) => keep * start[i] + add * v);
      made.push(await sample(noised, { alpha_bar }, denoise));
    }
    found = statistics(made);
    const { mean } = found;
    start = start.map((v, i) => (v + mean[i]) / 2);
  }
  return found;
}

/** Mean and standard deviation (0 of one path) over the paths. */
function statistics(paths: readonly Float32Array[]) {
  const mean = new Float32Array(paths[0].length);
  const spread = new Float32Array(paths[0].length);
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    for (const path of paths) sum += path[i];
    mean[i] = sum / paths.length;
    if (paths.length === 1) continue;
    let squares = 0;
    for (const path of paths) squares += (path[i] - mean[i]) ** 2;
    spread[i] = Math.sqrt(squares / (paths.length - 1));
  }
  return { mean, spread };
}
