import type { RoleId } from '../../domains/Role';
import { checkpoint } from '../../errors';
import { threshold } from '../../volume/Mask';
import { clip } from '../../volume/normalize';
import type { MethodJob, Prediction } from '../Method';
import { Lesions } from './Lesions';
import { networkNames, type ResidualManifest } from './manifest';
import { availability, neighbourhoods, slabsWithRegion } from './slabs';

/** Probability from which on a voxel counts as lesion. */
const LIKELY = 0.5;

/**
 * The C-UNets on the slices of the region, slab by slab; each makes all targets at once, and their mean is
 * the result. The uncertainty has the expected error, and the probabilities of any lesion and of an enhancing
 * one.
 * @throws SynthesisError `cancelled`
 */
export async function synthesize(
  job: MethodJob<ResidualManifest, Record<string, never>>,
): Promise<Map<RoleId, Prediction>> {
  const { manifest, sources, region, network } = job;
  const { roles, grid, members, normalization, uncertainty } = manifest;
  const [first] = sources.values();
  const [width, height] = first.dims;
  const plane = width * height;
  const blank = () => new Float32Array(first.data.length);
  const sums = new Map(job.targets.map(({ id }) => [id, { mean: blank(), spread: blank() }]));
  const lesions = new Lesions(manifest.lesions, region, width, height, members);
  const slabs = slabsWithRegion(region, plane, grid.slab);
  let done = 0;
  for (const slab of slabs) {
    const images = neighbourhoods(sources, roles, slab, grid.slab, grid.neighbours);
    const given = availability(sources, roles, grid.slab);
    for (const name of networkNames(members)) {
      await checkpoint(job.signal);
      const found = await network(name).run({ images, availability: given });
      for (const [s, z] of slab.entries()) {
        for (const [id, { mean, spread }] of sums) {
          const from = (s * roles.length + roles.indexOf(id)) * plane;
          const factor = uncertainty.factor[id] / members;
          for (let i = 0, at = z * plane; i < plane; i++, at++) {
            if (!region[at]) continue;
            mean[at] += clip(found.mean.data[from + i], normalization.ceiling) / members;
            spread[at] += found.scale.data[from + i] * factor;
          }
        }
        lesions.add(found.lesion.data, s, z);
      }
      job.onStep?.({ stage: 'images', done: ++done, of: slabs.length * members });
    }
  }
  const volume = (data: Float32Array) => ({ ...first, data });
  return new Map(
    [...sums].map(([id, { mean, spread }]) => [
      id,
      {
        mean: volume(mean),
        lesion: () => threshold(lesions.any, LIKELY),
        uncertainty: () => {
          const { any, enhancing } = lesions;
          const rule = manifest.indeterminate?.[id];
          return {
            spread: volume(spread),
            more: { lesion: volume(any), ...(enhancing && { enhancing: volume(enhancing) }) },
            indeterminate: rule && { mask: threshold(any, rule.above), text: rule.text },
          };
        },
      },
    ]),
  );
}
