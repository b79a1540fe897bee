import type { RoleId } from '../../domains/Role';
import { checkpoint } from '../../errors';
import { mulberry32 } from '../../inference/mulberry32';
import { type Tensor, tensor } from '../../inference/Runtime';
import { standardNormal } from '../../inference/standardNormal';
import { timestepEmbedding } from '../../inference/timestepEmbedding';
import { ddimStep, schedule } from './ddim';
import { encodeSources, keySlicesOf } from './encode';
import { type CdmJob, conditioned } from './job';
import { roleFlags, slabs } from './stack';

/** The latent y of one target, on which the C-UNet is conditioned. */
export interface Conditioning {
  /** [key slices, T, D] a sample, or one for all of them. */
  tokens: readonly Float32Array[];
  /**
   * How far the C-UNet may trust y: 1 true, 0.5 predicted, 0 none (zeros). An input of the networks by this
   * name.
   */
  certainty: number;
}

/**
 * y of every target: given, predicted by the MDN, or none.
 * @throws SynthesisError `cancelled`, or `plan-invalid` for a number of steps that cannot be
 */
export async function conditionTargets(job: CdmJob): Promise<Map<RoleId, Conditioning>> {
  const predicted =
    conditioned(job.manifest, job).includes(true) && job.targets.some(target => !job.tokens?.has(target));
  const condition = predicted ? await encodeSources(job) : undefined;
  const all = new Map<RoleId, Conditioning>();
  for (const [n, target] of job.targets.entries()) {
    const given = job.tokens?.get(target);
    if (given) all.set(target, { tokens: [given], certainty: 1 });
    else if (!condition) all.set(target, { tokens: [noTokens(job)], certainty: 0 });
    else all.set(target, { tokens: await predict(job, condition, target, n), certainty: 0.5 });
  }
  return all;
}

function noTokens({ sources, manifest }: CdmJob): Float32Array {
  const [first] = sources.values();
  const keys = keySlicesOf(first, manifest).indices.length;
  return new Float32Array(keys * manifest.tokens.count * manifest.tokens.channels);
}

/**
 * MDN of one target. Diffusion: DDIM from noise, one noise map a sample, which serves all slices, so that
 * slices agree. Regression: one evaluation at the first timestep with zeros for noise.
 * @param condition [key slices, T, roles * D]
 * @param nth place among the targets, for the progress
 * @returns y_0 at the key slices, [key slices, T, D], per sample or once; zeros for samples of unconditioned
 *   members
 */
async function predict(
  job: CdmJob,
  condition: Float32Array,
  target: RoleId,
  nth: number,
): Promise<Float32Array[]> {
  const { roles, grid, tokens, scheduler } = job.manifest;
  const { slab } = grid;
  const mdn = job.network(`mdn-${target}`);
  const length = tokens.count * tokens.channels;
  const own = schedule(scheduler, job.steps);
  const regression = job.conditioning === 'regression';
  const { timesteps, alpha_bar: alphaBar } = regression
    ? { timesteps: own.timesteps.slice(0, 1), alpha_bar: [] }
    : own;
  const noise = regression ? [new Float32Array(length)] : noiseMaps(job, length);
  const availability = roleFlags(roles, new Set(job.sources.keys()), slab);
  const times = timesteps.map(t => {
    const row = timestepEmbedding(t, scheduler.embedding);
    return tensor(slab, [row.length], () => row);
  });
  const keys = condition.length / (length * roles.length);
  const batches = slabs(
    Array.from({ length: keys }, (_, position) => position),
    slab,
  );
  const each = batches.length * noise.filter(Boolean).length * times.length;
  let done = nth * each;
  const results: Float32Array[] = [];
  for (const map of noise) {
    const result = new Float32Array(keys * length);
    results.push(result);
    if (!map) continue;
    for (const batch of batches) {
      const noisy = tensor(slab, [tokens.count, tokens.channels], () => map);
      const padded = conditionOf(batch, slab, condition, [tokens.count, roles.length * tokens.channels]);
      for (const [step, time] of times.entries()) {
        await checkpoint(job.signal);
        const { clean } = await mdn.run({ noisy, time, condition: padded, availability });
        ddimStep(noisy.data, clean.data, alphaBar[step], alphaBar[step + 1]);
        job.onStep?.({ stage: 'diffusion', target, done: ++done, of: each * job.targets.length });
      }
      result.set(noisy.data.subarray(0, batch.length * length), batch[0] * length);
    }
  }
  return results;
}

/**
 * One map of standard normal values a sample, drawn one after the other; none for an unconditioned member.
 */
function noiseMaps(job: CdmJob, length: number): (Float32Array | undefined)[] {
  const uniform = mulberry32(job.seed);
  return conditioned(job.manifest, job).map(predicted => {
    const map = standardNormal(uniform, length);
    return predicted ? map : undefined;
  });
}

/** The condition's rows of a slab, the last one repeated: [slab, ...dims]. */
function conditionOf(
  batch: readonly number[],
  slab: number,
  condition: Float32Array,
  dims: readonly [number, number],
): Tensor {
  const length = dims[0] * dims[1];
  return tensor(slab, dims, s => {
    const position = batch[Math.min(s, batch.length - 1)];
    return condition.subarray(position * length, (position + 1) * length);
  });
}
