import type { RoleId } from '../../domains/Role';
import type { Slices } from '../Method';
import { conditioned, memberOfSample } from './job';
import { KeySlices } from './KeySlices';
import { type CdmManifest, memberNetworks } from './manifest';
import type { CdmOptions } from './options';

/** Operations of the networks of a whole job (2 per multiply-add), as the manifest counts them. */
export function jobFlops(
  manifest: CdmManifest,
  slices: Slices,
  sources: readonly RoleId[],
  targets: readonly RoleId[],
  options: CdmOptions,
): number {
  const { networks, tokens } = manifest;
  const { slab } = manifest.grid;
  const flops = (names: readonly string[]) => names.reduce((sum, name) => sum + networks[name].flops, 0);
  const members = memberOfSample(manifest, options);
  const slabs = Math.ceil(slices.wanted / slab);
  const encoders = flops([...new Set(members)].map(member => memberNetworks(member)[0]));
  const decoders = targets.length * flops(members.map(member => memberNetworks(member)[1]));
  const images = slabs * (encoders + decoders);
  const predicted = conditioned(manifest, options).filter(Boolean).length;
  if (predicted === 0) return images;
  const step = Math.max(1, Math.round(tokens.step_mm / slices.spacing));
  const keySlabs = Math.ceil(new KeySlices(slices.depth, step).indices.length / slab);
  const runs = options.conditioning === 'regression' ? 1 : predicted * options.steps;
  const mrm = flops(sources.map(role => `mrm-${role}`));
  const mdn = runs * flops(targets.map(role => `mdn-${role}`));
  return images + keySlabs * (mrm + mdn);
}
