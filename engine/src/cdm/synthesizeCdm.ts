import type { BundleManifest } from '../bundle/manifest';
import type { Contrast } from '../contrast/Contrast';
import { checkpoint } from '../errors';
import type { Network, Tensor } from '../inference/Runtime';
import type { OnStep } from '../progress';
import type { Mask } from '../volume/morphology';
import { spacingOf, type Volume } from '../volume/Volume';
import { ddimStep, timestepEmbedding } from './ddim';
import { KeySlices } from './KeySlices';
import { normals, uniforms } from './noise';
import { contrastFlags, neighbourSlices, type Stack, slabs, stackSlices } from './stack';

export interface CdmJob {
  manifest: BundleManifest;
  /** Network of the bundle by its name. */
  network: (name: string) => Network;
  sources: Stack;
  /** Brain on the sources' grid; the result is 0 elsewhere. */
  brain: Mask;
  targets: readonly Contrast[];
  /** Number of y samples whose images are averaged. */
  samples: number;
  /** Seed of the noise; the same seed gives the same pixels on the same provider and thread count. */
  seed: number;
  onStep?: OnStep;
  signal?: AbortSignal;
}

/** The networks a job of these sources and targets needs. */
export function cdmNetworks(sources: readonly Contrast[], targets: readonly Contrast[]): string[] {
  return [...sources.map(c => `mrm-${c}`), ...targets.map(c => `mdn-${c}`), 'cunet-encoder', 'cunet-decoder'];
}

/**
 * The Cross-conditioned Diffusion Model (arXiv 2409.08500): MRM encodes the sources, MDN denoises the target's
 * representation y from noise (DDIM), C-UNet makes the image from the sources and y, slab by slab.
 * @returns for each target the mean over the samples, in [0, ceiling], on the sources' grid
 * @throws SynthesisError `cancelled`
 */
export async function synthesizeCdm(job: CdmJob): Promise<Map<Contrast, Volume>> {
  const [{ dims }] = job.sources.values();
  const spacing = spacingOf([...job.sources.values()][0])[2];
  const keys = new KeySlices(dims[2], Math.max(1, Math.round(job.manifest.tokens.step_mm / spacing)));
  const condition = await encodeSources(job, keys);
  const tokens = new Map<Contrast, Float32Array[]>();
  for (const [n, target] of job.targets.entries()) {
    tokens.set(target, await denoise(job, keys, condition, target, n));
  }
  return decode(job, keys, tokens);
}

/**
 * MRM of every source at the key slices.
 * @returns [key slices, T, contrasts * D], zeros where a contrast is absent
 */
async function encodeSources(job: CdmJob, keys: KeySlices): Promise<Float32Array> {
  const { contrasts, grid, tokens } = job.manifest;
  const width = contrasts.length * tokens.channels;
  const condition = new Float32Array(keys.indices.length * tokens.count * width);
  const batches = slabs(keys.indices, grid.slab);
  const of = batches.length * job.sources.size;
  let done = 0;
  for (const [contrast, volume] of job.sources) {
    const c = contrasts.indexOf(contrast);
    let row = 0;
    for (const batch of batches) {
      await checkpoint(job.signal);
      const image = neighbourSlices(volume, batch, grid.slab);
      const { data } = (await job.network(`mrm-${contrast}`).run({ image })).tokens;
      for (let r = 0; r < batch.length * tokens.count; r++, row++) {
        condition.set(
          data.subarray(r * tokens.channels, (r + 1) * tokens.channels),
          row * width + c * tokens.channels,
        );
      }
      job.onStep?.({ stage: 'tokens', done: ++done, of });
    }
  }
  return condition;
}

/**
 * DDIM over the MDN of one target. One noise map a sample serves all slices, so that slices agree.
 * @returns per sample y_0 at the key slices, [key slices, T, D]
 */
async function denoise(
  job: CdmJob,
  keys: KeySlices,
  condition: Float32Array,
  target: Contrast,
  nth: number,
): Promise<Float32Array[]> {
  const { contrasts, grid, tokens, scheduler } = job.manifest;
  const mdn = job.network(`mdn-${target}`);
  const length = tokens.count * tokens.channels;
  const conditionLength = length * contrasts.length;
  const availability = contrastFlags(contrasts, new Set(job.sources.keys()), grid.slab);
  const embeddings = scheduler.timesteps.map(t =>
    repeat(timestepEmbedding(t, scheduler.embedding), grid.slab, [grid.slab, scheduler.embedding.size]),
  );
  const positions = keys.indices.map((_, position) => position);
  const batches = slabs(positions, grid.slab);
  const each = batches.length * job.samples * embeddings.length;
  let done = nth * each;
  const uniform = uniforms(job.seed);
  const results: Float32Array[] = [];
  for (let sample = 0; sample < job.samples; sample++) {
    const noise = normals(uniform, length);
    const result = new Float32Array(keys.indices.length * length);
    for (const batch of batches) {
      const noisy = repeat(noise, grid.slab, [grid.slab, tokens.count, tokens.channels]);
      const padded: Tensor = {
        dims: [grid.slab, tokens.count, contrasts.length * tokens.channels],
        data: new Float32Array(grid.slab * conditionLength),
      };
      for (let s = 0; s < grid.slab; s++) {
        const position = batch[Math.min(s, batch.length - 1)];
        const row = condition.subarray(position * conditionLength, (position + 1) * conditionLength);
        padded.data.set(row, s * conditionLength);
      }
      for (const [step, time] of embeddings.entries()) {
        await checkpoint(job.signal);
        const { clean } = await mdn.run({ noisy, time, condition: padded, availability });
        ddimStep(noisy.data, clean.data, scheduler.alpha_bar[step], scheduler.alpha_bar[step + 1]);
        job.onStep?.({ stage: 'diffusion', target, done: ++done, of: each * job.targets.length });
      }
      result.set(noisy.data.subarray(0, batch.length * length), batch[0] * length);
    }
    results.push(result);
  }
  return results;
}

/** C-UNet: the encoder runs once a slab, the decoder once a target and sample. */
async function decode(
  job: CdmJob,
  keys: KeySlices,
  tokens: ReadonlyMap<Contrast, Float32Array[]>,
): Promise<Map<Contrast, Volume>> {
  const { manifest } = job;
  const { slab } = manifest.grid;
  const [grid] = job.sources.values();
  const plane = grid.dims[0] * grid.dims[1];
  const length = manifest.tokens.count * manifest.tokens.channels;
  const availability = contrastFlags(manifest.contrasts, new Set(job.sources.keys()), slab);
  const decoderInputs = Object.keys(manifest.networks['cunet-decoder'].inputs);
  const results = new Map(
    job.targets.map(target => [target, { ...grid, data: new Float32Array(grid.data.length) }] as const),
  );
  const batches = slabs(
    Array.from({ length: grid.dims[2] }, (_, z) => z),
    slab,
  );
  const of = batches.length * job.targets.length * job.samples;
  let done = 0;
  for (const batch of batches) {
    await checkpoint(job.signal);
    const images = stackSlices(job.sources, manifest.contrasts, batch, slab);
    const features = await job.network('cunet-encoder').run({ images, availability });
    for (const [name, samples] of tokens) {
      const target = contrastFlags(manifest.contrasts, new Set([name]), slab);
      const { data } = results.get(name)!;
      for (const sample of samples) {
        await checkpoint(job.signal);
        const y = new Float32Array(slab * length);
        for (let s = 0; s < slab; s++) {
          keys.interpolate(
            sample,
            batch[Math.min(s, batch.length - 1)],
            y.subarray(s * length, (s + 1) * length),
          );
        }
        const known: Record<string, Tensor> = {
          ...features,
          tokens: { dims: [slab, manifest.tokens.count, manifest.tokens.channels], data: y },
          target,
          availability,
        };
        const feeds = Object.fromEntries(decoderInputs.map(input => [input, known[input]]));
        const { prediction } = await job.network('cunet-decoder').run(feeds);
        const first = batch[0] * plane;
        for (let i = 0; i < batch.length * plane; i++) {
          if (!job.brain[first + i]) continue;
          const value = Math.min(manifest.normalization.ceiling, Math.max(0, prediction.data[i]));
          data[first + i] += value / job.samples;
        }
        job.onStep?.({ stage: 'images', done: ++done, of });
      }
    }
  }
  return results;
}

function repeat(row: Float32Array, times: number, dims: readonly number[]): Tensor {
  const data = new Float32Array(row.length * times);
  for (let i = 0; i < times; i++) data.set(row, i * row.length);
  return { dims, data };
}
