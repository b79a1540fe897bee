import type { RoleId } from '../../domains/Role';
import { checkpoint } from '../../errors';
import { mulberry32 } from '../../inference/mulberry32';
import { type Tensor, tensor } from '../../inference/Runtime';
import { correlate, sample } from '../../inference/sampler';
import { neighbourhoods } from '../../inference/slabs';
import { standardNormal } from '../../inference/standardNormal';
import { timestepEmbedding } from '../../inference/timestepEmbedding';
import type { MethodJob } from '../Method';
import type { Cells } from './Cells';
import type { Evidence } from './Evidence';
import type { Diffusion, ResidualManifest } from './manifest';
import { availability } from './slabs';

/** Channels of a latent: the residual, and for T1ce that of enhancement, which is not shown. */
const CHANNELS = 2;

/** What the residuals of all targets of a job are sampled with. */
export interface Sampling {
  job: Pick<MethodJob<ResidualManifest, unknown>, 'manifest' | 'network' | 'sources' | 'signal'>;
  diffusion: Diffusion;
  cells: Cells;
  evidence: Evidence;
  /** MRM's, [K, channels, h, w]. */
  tokens: Tensor;
}

/** MRM on the slices that stand for the key slices, slab by slab: tokens [K, channels, h, w]. */
export async function encodeTokens(
  { manifest, network, sources, signal }: Sampling['job'],
  slices: readonly number[],
): Promise<Tensor> {
  const { roles, grid } = manifest;
  const given = availability(sources, roles, grid.slab);
  const rows: Float32Array[] = [];
  let shape: readonly number[] = [];
  for (let first = 0; first < slices.length; first += grid.slab) {
    await checkpoint(signal);
    const slab = slices.slice(first, first + grid.slab);
    const images = neighbourhoods(sources, roles, slab, grid.slab, 0);
    const { tokens } = await network('mrm').run({ images, availability: given });
    shape = tokens.dims.slice(1);
    const length = tokens.data.length / grid.slab;
    for (const s of slab.keys()) rows.push(tokens.data.slice(s * length, (s + 1) * length));
  }
  return tensor(rows.length, shape, n => rows[n]);
}

/** White noise of the n-th sample of a seed, from 1 on, [K, CHANNELS, h, w]: the same for every target. */
export function whiteNoise(seed: number, n: number, { dims }: Pick<Cells, 'dims'>): Float32Array {
  const uniform = mulberry32(seed);
  const length = CHANNELS * dims[0] * dims[1] * dims[2];
  let noise = standardNormal(uniform, length);
  for (let drawn = 1; drawn < n; drawn++) noise = standardNormal(uniform, length);
  return noise;
}

/**
 * A sample of the residual of a target, in cells [K, h, w] and in intensity: MDN denoises what is left of the
 * truth after the C-UNet's mean.
 * @param mean of the target, on voxels
 * @param scale its expected absolute error, on voxels
 * @param noise white, [K, CHANNELS, h, w]
 * @param onStep after each of the sampler's steps
 */
export async function drawSample(
  { job, diffusion, cells, evidence, tokens }: Sampling,
  target: RoleId,
  mean: Float32Array,
  scale: Float32Array,
  noise: Float32Array,
  onStep: () => void = () => {},
): Promise<Float32Array> {
  const { manifest, network, sources, signal } = job;
  const { roles, members } = manifest;
  const { units, keys } = diffusion;
  const [w, h, depth] = cells.dims;
  const centred = (values: Float32Array) => values.map(v => (v - units.level) / units.spread);
  const errors = cells.meansOf(scale);
  const images = roles.map(role => {
    const source = sources.get(role);
    return source ? centred(cells.meansOf(source.data)) : cells.blank();
  });
  const maps = [
    centred(cells.meansOf(mean)),
    errors.map(v => v / units.error),
    ...images,
    ...evidence.lesions(members),
  ];
  const { features } = evidence;
  const { conditioning } = await network('mdn-condition').run({
    maps: cells.stack(maps, keys),
    features: cells.stack(cells.unstack(features, features.length / errors.length), keys),
    tokens: cells.stack(cells.unstack(tokens.data, tokens.dims[1]), keys),
  });
  const valid = cells.stack([cells.blank().fill(1)], keys);
  const oneHot = { dims: [1, roles.length], data: Float32Array.from(roles, r => (r === target ? 1 : 0)) };
  const given = availability(sources, roles, 1);
  const correlated = new Float32Array(keys * CHANNELS * w * h);
  correlated.set(correlate(noise, depth, diffusion.correlation));
  const clean = await sample(correlated, diffusion, async (noisy, n) => {
    await checkpoint(signal);
    const time = timestepEmbedding(diffusion.timesteps[n], diffusion.embedding);
    const found = await network('mdn').run({
      noisy: { dims: [keys, CHANNELS, h, w], data: noisy },
      conditioning,
      valid,
      time: { dims: [1, time.length], data: time },
      target: oneHot,
      availability: given,
    });
    onStep();
    return found.clean.data;
  });
  const [residual] = cells.unstack(clean, CHANNELS);
  return residual.map((v, n) => v * diffusion.spread[target] * errors[n]);
}
