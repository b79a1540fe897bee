import type { RoleId } from '../../domains/Role';
import { checkpoint } from '../../errors';
import { Lesions } from '../../inference/Lesions';
import type { Tensor } from '../../inference/Runtime';
import { availability, neighbourhoods, regionOnSlab, slabsWithRegion } from '../../inference/slabs';
import type { Mask } from '../../volume/Mask';
import { clip } from '../../volume/normalize';
import type { MethodJob, Prediction } from '../Method';
import { type CmdmManifest, PRIOR, REFINE } from './manifest';
import { expectedNoise } from './noiseLevel';
import type { CmdmOptions } from './options';
import { type Conditions, type NoiseOf, refine, whiteNoise } from './refine';

type Job = MethodJob<CmdmManifest, CmdmOptions>;

/** Volumes of a target, 0 outside the region. */
interface Made {
  mean: Float32Array;
  /** The paths' standard deviation. */
  spread: Float32Array;
  /** The error that the prior expects of itself. */
  prior: Float32Array;
}

/**
 * The C-UNet on the slices of the region, slab by slab, and its mean refined for each target.
 * @param noiseOf draws the noise of the paths
 * @throws SynthesisError `cancelled`
 */
export async function synthesize(job: Job, noiseOf?: NoiseOf): Promise<Map<RoleId, Prediction>> {
  const { manifest, sources, region, targets, options, seed, signal, onStep } = job;
  const { roles, grid, alpha_bar } = manifest;
  const [first] = sources.values();
  const [width, height] = first.dims;
  const plane = width * height;
  const blank = () => new Float32Array(first.data.length);
  const made = new Map<RoleId, Made>(
    targets.map(({ id }) => [id, { mean: blank(), spread: blank(), prior: blank() }]),
  );
  const levels = expectedNoise(
    manifest,
    sources,
    targets.map(({ id }) => id),
  );
  const lesions = new Lesions(manifest.lesions, region, first, 1);
  const slabs = slabsWithRegion(region, plane, grid.slab);
  const of = slabs.length * (1 + targets.length * options.cascades * options.paths * alpha_bar.length);
  let done = 0;
  const run = async (name: string, inputs: Readonly<Record<string, Tensor>>) => {
    await checkpoint(signal);
    const outputs = await job.network(name).run(inputs);
    onStep?.({ stage: 'refinement', done: ++done, of });
    return outputs;
  };
  for (const slab of slabs) {
    const given = {
      images: neighbourhoods(sources, roles, slab, grid.slab, grid.neighbours),
      availability: availability(sources, roles, grid.slab),
    };
    const found = await run(PRIOR, given);
    for (const [s, z] of slab.entries()) lesions.add(found.lesion.data, s, z);
    const inside = regionOnSlab(region, slab, grid.slab, plane);
    for (const [id, volumes] of made) {
      const role = roles.indexOf(id);
      const prior = priorOf(found, role, inside, manifest);
      const conditions: Conditions = {
        ...given,
        prior,
        target: oneHot(role, grid.slab, roles.length),
        noise_level: { dims: [grid.slab, 1], data: new Float32Array(grid.slab).fill(levels.get(id)!) },
      };
      const noise = noiseOf ?? whiteNoise(seed, role, plane);
      const residual = await refine(manifest, options, conditions, inside, slab, noise, inputs =>
        run(REFINE, inputs),
      );
      put(volumes, slab, inside, prior, residual, manifest);
    }
  }
  const volume = (data: Float32Array) => ({ ...first, data });
  return new Map(
    [...made].map(([id, { mean, spread, prior }]) => [
      id,
      {
        mean: volume(mean),
        lesions: () => lesions.probabilities(),
        uncertainty: () => {
          const [errors, factors] =
            options.paths > 1 ? [spread, manifest.uncertainty.paths] : [prior, manifest.uncertainty.prior];
          return {
            spread: volume(errors.map(v => v * factors[id])),
            indeterminate: lesions.indeterminate(manifest.indeterminate?.[id]),
          };
        },
      },
    ]),
  );
}

/** Mean and expected error of one target, 0 outside the region: [slab, 2, H, W]. */
function priorOf(
  { mean, scale }: Readonly<Record<string, Tensor>>,
  role: number,
  inside: Mask,
  { normalization }: CmdmManifest,
): Tensor {
  const [slices, channels, rows, columns] = mean.dims;
  const plane = rows * columns;
  const data = new Float32Array(2 * slices * plane);
  for (let s = 0; s < slices; s++) {
    const from = (s * channels + role) * plane;
    for (let i = 0, to = 2 * s * plane; i < plane; i++, to++) {
      if (!inside[s * plane + i]) continue;
      data[to] = clip(mean.data[from + i], normalization.ceiling);
      data[to + plane] = scale.data[from + i];
    }
  }
  return { dims: [slices, 2, rows, columns], data };
}

function oneHot(at: number, slices: number, length: number): Tensor {
  const data = new Float32Array(slices * length);
  for (let s = 0; s < slices; s++) data[s * length + at] = 1;
  return { dims: [slices, length], data };
}

/** Writes the slices of a slab into the volumes. */
function put(
  volumes: Made,
  slab: readonly number[],
  inside: Mask,
  prior: Tensor,
  { mean, spread }: { mean: Float32Array; spread: Float32Array },
  { deviation, normalization }: CmdmManifest,
): void {
  const plane = prior.dims[2] * prior.dims[3];
  for (const [s, z] of slab.entries()) {
    for (let i = 0; i < plane; i++) {
      if (!inside[s * plane + i]) continue;
      const value = prior.data[2 * s * plane + i];
      const scale = prior.data[(2 * s + 1) * plane + i];
      const at = z * plane + i;
      volumes.mean[at] = clip(value + deviation * scale * mean[s * plane + i], normalization.ceiling);
      volumes.spread[at] = deviation * scale * spread[s * plane + i];
      volumes.prior[at] = scale;
    }
  }
}
