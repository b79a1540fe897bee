import type { RoleId } from '../../domains/Role';
import { checkpoint } from '../../errors';
import { type Tensor, tensor } from '../../inference/Runtime';
import { type Mask, threshold } from '../../volume/Mask';
import type { Volume } from '../../volume/Volume';
import type { Prediction } from '../Method';
import { calibrated } from './calibration';
import type { Conditioning } from './conditioning';
import { keySlicesOf } from './encode';
import { expectedErrors } from './expectedErrors';
import { type CdmJob, memberOfSample } from './job';
import { type CdmManifest, memberNetworks } from './manifest';
import { SlabSums } from './SlabSums';
import { roleFlags, slabs, stackSlices } from './stack';

/**
 * C-UNet on the slices of the region, slab by slab: each member's encoder runs once a slab, its decoder
 * once a target and sample of the member.
 * @returns on the sources' grid: the calibrated mean of the samples; of their uncertainty the expected
 *   absolute error (`spread`), the networks' mean guess of it (`scale`), and the standard deviation of the
 *   samples (`deviation`) where it is wanted
 * @throws SynthesisError `cancelled`
 */
export async function decode(
  job: CdmJob,
  conditionings: ReadonlyMap<RoleId, Conditioning>,
): Promise<Map<RoleId, Prediction>> {
  const { manifest } = job;
  const [grid] = job.sources.values();
  const plane = grid.dims[0] * grid.dims[1];
  const blank = () => new Float32Array(grid.data.length);
  const made = new Map(
    job.targets.map(target => {
      const deviation = job.deviation ? blank() : undefined;
      const probability = manifest.indeterminate?.[target] ? blank() : undefined;
      return [target, { mean: blank(), scale: blank(), deviation, probability }] as const;
    }),
  );
  const batches = slabs(slicesWithRegion(job.region, plane), manifest.grid.slab);
  const of = batches.length * job.targets.length * job.samples;
  let done = 0;
  const onSample = () => job.onStep?.({ stage: 'images', done: ++done, of });
  for (const batch of batches) {
    const sums = await decodeSlab(job, conditionings, batch, plane, onSample);
    for (const [target, sum] of sums) {
      const { mean, scale, deviation, probability } = made.get(target)!;
      for (let i = 0; i < batch.length * plane; i++) {
        const at = batch[Math.floor(i / plane)] * plane + (i % plane);
        if (!job.region[at]) continue;
        mean[at] = sum.mean(i);
        scale[at] = sum.scale(i);
        if (deviation) deviation[at] = Math.sqrt(sum.variance(i));
        if (probability) probability[at] = sum.probability(i);
      }
    }
  }
  for (const [target, { mean }] of made) {
    const curve = manifest.tone?.[target];
    if (!curve) continue;
    for (let i = 0; i < mean.length; i++) if (job.region[i]) mean[i] = calibrated(mean[i], curve);
  }
  const volume = (data: Float32Array): Volume => ({ ...grid, data });
  return new Map(
    [...made].map(([target, { mean, scale, deviation, probability }]) => [
      target,
      {
        mean: volume(mean),
        uncertainty: () => ({
          spread: volume(spreadOf(job, target, mean, scale)),
          more: {
            scale: volume(scale),
            ...(deviation && { deviation: volume(deviation) }),
            ...(probability && { probability: volume(probability) }),
          },
          indeterminate: probability && indeterminateIn(manifest, target, probability),
        }),
      },
    ]),
  );
}

/** Where the networks find what cannot be told of this target. */
function indeterminateIn({ indeterminate }: CdmManifest, target: RoleId, probability: Float32Array) {
  const rule = indeterminate?.[target];
  return rule && { mask: threshold(probability, rule.above), text: rule.text };
}

/**
 * The expected absolute error of a target: the networks' own guess, corrected by the sources where the bundle
 * says how.
 */
function spreadOf(
  { manifest, sources, region }: CdmJob,
  target: RoleId,
  mean: Float32Array,
  scale: Float32Array,
): Float32Array {
  const { factor, weights } = manifest.uncertainty;
  const errors = weights ? expectedErrors(scale, mean, sources, region, weights[target]) : scale.slice();
  for (let at = 0; at < errors.length; at++) errors[at] *= factor[target];
  return errors;
}

/** Indices along k of the slices in which the mask holds anything: only they are decoded. */
function slicesWithRegion(region: Mask, plane: number): number[] {
  const slices: number[] = [];
  for (let z = 0; z * plane < region.length; z++) {
    if (region.subarray(z * plane, (z + 1) * plane).includes(1)) slices.push(z);
  }
  return slices;
}

/** All samples of all targets on one slab, summed up. */
async function decodeSlab(
  job: CdmJob,
  conditionings: ReadonlyMap<RoleId, Conditioning>,
  batch: readonly number[],
  plane: number,
  onSample: () => void,
): Promise<Map<RoleId, SlabSums>> {
  const { manifest } = job;
  const { roles, grid, networks, normalization } = manifest;
  const { slab } = grid;
  const availability = roleFlags(roles, new Set(job.sources.keys()), slab);
  const images = stackSlices(job.sources, roles, batch, slab);
  const sums = new Map(job.targets.map(target => [target, new SlabSums(batch.length * plane)] as const));
  const members = memberOfSample(job.manifest, job);
  for (const member of new Set(members)) {
    const [encoder, decoder] = memberNetworks(member);
    await checkpoint(job.signal);
    const features = await job.network(encoder).run({ images, availability });
    for (const [target, { tokens, certainty }] of conditionings) {
      const known: Record<string, Tensor> = {
        ...features,
        certainty: tensor(slab, [1], () => new Float32Array([certainty])),
        target: roleFlags(roles, new Set([target]), slab),
        availability,
      };
      for (const sample of members.keys()) {
        if (members[sample] !== member) continue;
        await checkpoint(job.signal);
        known.tokens = tokensBetween(job, tokens[sample % tokens.length], batch);
        const inputs = Object.keys(networks[decoder].inputs).map(name => [name, known[name]] as const);
        const outputs = await job.network(decoder).run(Object.fromEntries(inputs));
        const { prediction, scale } = outputs;
        const probability = outputs[manifest.indeterminate?.[target]?.output ?? ''];
        sums.get(target)!.add(prediction.data, scale.data, normalization.ceiling, probability?.data);
        onSample();
      }
    }
  }
  return sums;
}

/** Tokens at the key slices, interpolated at each slice of a slab: [slab, T, D]. */
function tokensBetween(
  { manifest, sources }: CdmJob,
  atKeys: Float32Array,
  batch: readonly number[],
): Tensor {
  const { count, channels } = manifest.tokens;
  const [first] = sources.values();
  const keys = keySlicesOf(first, manifest);
  const row = new Float32Array(count * channels);
  return tensor(manifest.grid.slab, [count, channels], s => {
    keys.interpolate(atKeys, batch[Math.min(s, batch.length - 1)], row);
    return row;
  });
}
