import type { RoleId } from '../../domains/Role';
import { checkpoint } from '../../errors';
import { mulberry32 } from '../../inference/mulberry32';
import { correlate, sample } from '../../inference/sampler';
import { availability, neighbourhoods } from '../../inference/slabs';
import { standardNormal } from '../../inference/standardNormal';
import { timestepEmbedding } from '../../inference/timestepEmbedding';
import type { MethodJob } from '../Method';
import { askSample, type Given } from './askServer';
import type { Cells } from './Cells';
import type { Evidence } from './Evidence';
import type { CdmManifest, Diffusion } from './manifest';

/** Channels of a latent: the residual, and for T1ce that of enhancement, which is not shown. */
const CHANNELS = 2;

type Job = MethodJob<CdmManifest, unknown>;

/** What the residuals of all targets of a job are sampled with. */
export interface Sampling {
  diffusion: Diffusion;
  cells: Cells;
  evidence: Evidence;
}

/** MRM on the slices that stand for cells, slab by slab. */
export async function encodeTokens(
  { manifest, network, sources, signal }: Pick<Job, 'manifest' | 'network' | 'sources' | 'signal'>,
  evidence: Evidence,
): Promise<void> {
  const { roles, grid } = manifest;
  const given = availability(sources, roles, grid.slab);
  const slices = [...evidence.keys.keys()];
  for (let first = 0; first < slices.length; first += grid.slab) {
    await checkpoint(signal);
    const slab = slices.slice(first, first + grid.slab);
    const images = neighbourhoods(sources, roles, slab, grid.slab, 0);
    const { tokens } = await network('mrm').run({ images, availability: given });
    for (const [s, z] of slab.entries()) evidence.keep('tokens', tokens, s, z);
  }
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
 * truth after the C-UNet's mean, here or on the server.
 * @param mean of the target, on voxels
 * @param scale its expected absolute error, on voxels
 * @param noise white, [K, CHANNELS, h, w]
 * @param onStep after each run of MDN, or the answer of the server
 */
export async function drawSample(
  job: Job,
  { diffusion, cells, evidence }: Sampling,
  target: RoleId,
  mean: Float32Array,
  scale: Float32Array,
  noise: Float32Array,
  onStep: () => void = () => {},
): Promise<Float32Array> {
  const { sources, server } = job;
  const { units, keys } = diffusion;
  const [w, h, depth] = cells.dims;
  const centred = (values: Float32Array) => values.map(v => (v - units.level) / units.spread);
  const errors = cells.meansOf(scale);
  const images = job.manifest.roles.map(role => {
    const source = sources.get(role);
    return source ? centred(cells.meansOf(source.data)) : cells.blank();
  });
  const maps = [
    centred(cells.meansOf(mean)),
    errors.map(v => v / units.error),
    ...images,
    ...evidence.lesions(),
  ];
  const correlated = new Float32Array(keys * CHANNELS * w * h);
  correlated.set(correlate(noise, depth, diffusion.correlation));
  const given: Given = {
    maps: cells.stack(maps, keys),
    features: cells.stack(evidence.kept('features'), keys),
    tokens: cells.stack(evidence.kept('tokens'), keys),
    valid: cells.stack([cells.blank().fill(1)], keys),
    noise: { dims: [keys, CHANNELS, h, w], data: correlated },
  };
  await checkpoint(job.signal);
  const clean = server
    ? await askSample(job, server, target, given)
    : await denoise(job, diffusion, target, given, onStep);
  if (server) onStep();
  const [residual] = cells.unstack(clean, CHANNELS);
  return residual.map((v, n) => v * diffusion.spread[target] * errors[n]);
}

/** MDN from noise to a sample, [keys, CHANNELS, h, w]. */
async function denoise(
  { manifest, network, sources, signal }: Job,
  diffusion: Diffusion,
  target: RoleId,
  { noise, valid, ...condition }: Given,
  onStep: () => void,
): Promise<Float32Array> {
  const { roles } = manifest;
  const { conditioning } = await network('mdn-condition').run(condition);
  const oneHot = { dims: [1, roles.length], data: Float32Array.from(roles, r => (r === target ? 1 : 0)) };
  const given = availability(sources, roles, 1);
  return sample(noise.data, diffusion, async (noisy, n) => {
    await checkpoint(signal);
    const time = timestepEmbedding(diffusion.timesteps[n], diffusion.embedding);
    const found = await network('mdn').run({
      noisy: { dims: noise.dims, data: noisy },
      conditioning,
      valid,
      time: { dims: [1, time.length], data: time },
      target: oneHot,
      availability: given,
    });
    onStep();
    return found.clean.data;
  });
}
