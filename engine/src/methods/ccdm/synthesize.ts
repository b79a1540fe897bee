import { type RoleId, roleLabel } from '../../domains/Role';
import { checkpoint, SynthesisError } from '../../errors';
import { mulberry32 } from '../../inference/mulberry32';
import type { Network, Tensor } from '../../inference/Runtime';
import { sample } from '../../inference/sampler';
import { neighbourhoods, regionOnSlab, slabsWithRegion } from '../../inference/slabs';
import { standardNormal } from '../../inference/standardNormal';
import { clip } from '../../volume/normalize';
import type { MethodJob, Prediction } from '../Method';
import { message } from './en';
import { type CcdmManifest, NETWORK } from './manifest';
import { shareAtDose } from './simulateDose';

type Job = MethodJob<CcdmManifest, Record<string, never>>;

/** What the network is told. */
interface Condition {
  images: Tensor;
  /** That of the low-dose image, as a share of the full one. */
  dose: number;
}

/**
 * The network on the slices of the region, slab by slab: the mean in one step, and for a target with a
 * `sample` that sample instead. Both have the full dose; where less is to be shown, it is simulated from T1
 * and the result.
 * @param noiseOf draws white noise of a sample for each slab in turn
 * @throws SynthesisError `cancelled`, or `plan-invalid` where the sources are not those that the bundle takes
 */
export async function synthesize(job: Job, noiseOf = whiteNoise): Promise<Map<RoleId, Prediction>> {
  const { manifest, sources, region, targets, seed, signal, onStep } = job;
  refuseOthers(job);
  const { grid, normalization, alpha_bar, uncertainty } = manifest;
  const {
    'given-dose': given = 100 * manifest.dose.usual,
    dose: shownDose = 100,
    sample: number = 0,
  } = targets[0].parameters ?? {};
  const t1 = sources.get(manifest.sources[0])!.data;
  const [first] = sources.values();
  const plane = first.dims[0] * first.dims[1];
  const mean = new Float32Array(first.data.length);
  const spread = new Float32Array(first.data.length);
  const slabs = slabsWithRegion(region, plane, grid.slab);
  const of = slabs.length * (number > 0 ? 1 + alpha_bar.length : 1);
  let done = 0;
  const noise = noiseOf(seed, number, grid.slab * plane);
  const run = async (condition: Condition, noisy: Float32Array, share: number) => {
    await checkpoint(signal);
    const found = await runOnce(job.network(NETWORK), condition, noisy, share);
    onStep?.({ stage: 'doses', done: ++done, of });
    return found;
  };
  for (const slab of slabs) {
    const images = neighbourhoods(sources, manifest.sources, slab, grid.slab, grid.neighbours);
    const condition = { images, dose: given / 100 };
    const expected = await run(condition, new Float32Array(grid.slab * plane), 0);
    let shown = expected.mean.data;
    if (number > 0) {
      const inside = regionOnSlab(region, slab, grid.slab, plane);
      await sample(noise(slab), { alpha_bar }, async (noisy, n) => {
        const masked = noisy.map((v, i) => v * inside[i]);
        const found = await run(condition, masked, Math.sqrt(alpha_bar[n]));
        shown = found.mean.data;
        return found.residual.data;
      });
    }
    for (const [s, z] of slab.entries()) {
      for (let i = s * plane, at = z * plane; at < (z + 1) * plane; i++, at++) {
        if (!region[at]) continue;
        const full = clip(shown[i], normalization.ceiling);
        const share = shownDose === 100 ? 1 : shareAtDose(t1[at], full, shownDose / 100, manifest.simulation);
        mean[at] = share === 1 ? full : t1[at] + share * (full - t1[at]);
        spread[at] = share * uncertainty.factor * expected.scale.data[i];
      }
    }
  }
  const volume = (data: Float32Array) => ({ ...first, data });
  return new Map(
    targets.map(({ id }) => [id, { mean: volume(mean), uncertainty: () => ({ spread: volume(spread) }) }]),
  );
}

/** The bundle's target from the bundle's sources, and no other. */
function refuseOthers({ manifest, sources, targets }: Job): void {
  const whole = manifest.sources.every(role => sources.has(role));
  if (whole && targets.every(({ id }) => id === manifest.target)) return;
  const [one, other] = manifest.sources;
  throw new SynthesisError(
    'plan-invalid',
    message('ccdm/needs', {
      target: roleLabel(manifest.target),
      first: roleLabel(one),
      second: roleLabel(other),
    }),
  );
}

function runOnce(network: Network, { images, dose }: Condition, noisy: Float32Array, share: number) {
  const [slices, , rows, columns] = images.dims;
  return network.run({
    images,
    noisy: { dims: [slices, 1, rows, columns], data: noisy },
    condition: {
      dims: [slices, 2],
      data: Float32Array.from({ length: 2 * slices }, (_, n) => (n % 2 ? share : dose)),
    },
  });
}

/** White noise of the n-th sample of a seed, from 1 on, slab by slab. */
export function whiteNoise(
  seed: number,
  n: number,
  length: number,
): (slab: readonly number[]) => Float32Array {
  const uniform = mulberry32(seed + n * 0x9e3779b1);
  return () => standardNormal(uniform, length);
}
