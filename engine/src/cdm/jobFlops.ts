import { type CdmManifest, memberNetworks } from '../bundle/manifest';
import type { Contrast } from '../contrast/Contrast';
import { type CdmChoices, guidanceOf, guided, painters } from './CdmJob';
import { KeySlices } from './KeySlices';

/**
 * Operations of the networks of a whole job (2 per multiply-add), as the manifest counts them.
 * @param grid the model's slices along k: how many, how far apart in mm, and on how many of them a result is wanted
 */
export function jobFlops(
  manifest: CdmManifest,
  grid: { depth: number; spacing: number; wanted: number },
  sources: readonly Contrast[],
  targets: readonly Contrast[],
  choices: CdmChoices,
): number {
  const { networks, tokens, scheduler } = manifest;
  const { slab } = manifest.grid;
  const flops = (names: readonly string[]) => names.reduce((sum, name) => sum + networks[name].flops, 0);
  const painter = painters(manifest, choices);
  const slabs = Math.ceil(grid.wanted / slab);
  const encoders = flops([...new Set(painter)].map(member => memberNetworks(member)[0]));
  const decoders = targets.length * flops(painter.map(member => memberNetworks(member)[1]));
  const images = slabs * (encoders + decoders);
  const told = guided(manifest, choices).filter(Boolean).length;
  if (told === 0) return images;
  const step = Math.max(1, Math.round(tokens.step_mm / grid.spacing));
  const keySlabs = Math.ceil(new KeySlices(grid.depth, step).indices.length / slab);
  const regression = guidanceOf(manifest, choices) === 'regression';
  const runs = regression ? 1 : told * (choices.steps ?? scheduler.timesteps.length);
  const mrm = flops(sources.map(contrast => `mrm-${contrast}`));
  const mdn = runs * flops(targets.map(contrast => `mdn-${contrast}`));
  return images + keySlabs * (mrm + mdn);
}
