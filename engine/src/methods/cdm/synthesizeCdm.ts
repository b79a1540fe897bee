import type { RoleId } from '../../domains/Role';
import type { Prediction, Target } from '../Method';
import { conditionTargets } from './conditioning';
import { decode } from './decode';
import { type CdmJob, conditioned, memberOfSample } from './job';
import { type CdmManifest, memberNetworks } from './manifest';
import type { CdmOptions } from './options';

/** The networks that a job of these sources and targets needs. */
export function cdmNetworks(
  manifest: CdmManifest,
  sources: readonly RoleId[],
  targets: readonly Pick<Target, 'id'>[],
  options: CdmOptions,
): string[] {
  const ids = targets.map(({ id }) => id);
  const predicted = conditioned(manifest, options).includes(true);
  const encoded = options.conditioning === 'truth' ? ids : predicted ? sources : [];
  return [
    ...encoded.map(c => `mrm-${c}`),
    ...(predicted ? ids.map(c => `mdn-${c}`) : []),
    ...[...new Set(memberOfSample(manifest, options))].flatMap(memberNetworks),
  ];
}

/**
 * The Cross-conditioned Diffusion Model (arXiv 2409.08500): MRM encodes the sources, MDN predicts the
 * target's latent y, the C-UNets make images from the sources and y, slab by slab.
 * @returns for each target the mean of the samples and its uncertainty, on the sources' grid
 * @throws SynthesisError `cancelled`, or `plan-invalid` for steps or members that cannot be
 */
export async function synthesizeCdm(job: CdmJob): Promise<Map<RoleId, Prediction>> {
  return decode(job, await conditionTargets(job));
}
