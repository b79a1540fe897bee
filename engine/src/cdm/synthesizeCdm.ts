import { type CdmManifest, memberNetworks } from '../bundle/manifest';
import type { Contrast } from '../contrast/Contrast';
import { type CdmChoices, type CdmJob, guided, painters } from './CdmJob';
import { guideTargets } from './guide';
import { type Prediction, paint } from './paint';

/** The networks a job of these sources and targets needs; the true tokens of an evaluation need the target's MRM besides. */
export function cdmNetworks(
  manifest: CdmManifest,
  sources: readonly Contrast[],
  targets: readonly Contrast[],
  choices: CdmChoices,
): string[] {
  const predicted = guided(manifest, choices).includes(true);
  return [
    ...(predicted ? [...sources.map(c => `mrm-${c}`), ...targets.map(c => `mdn-${c}`)] : []),
    ...[...new Set(painters(manifest, choices))].flatMap(memberNetworks),
  ];
}

/**
 * The Cross-conditioned Diffusion Model (arXiv 2409.08500): MRM encodes the sources, MDN predicts the target's
 * representation y, the C-UNets make images from the sources and y, slab by slab.
 * @returns for each target the mean of the samples and, where asked for, its uncertainty, on the sources' grid
 * @throws SynthesisError `cancelled`, or `plan-invalid` for a number of steps that cannot be
 */
export async function synthesizeCdm(job: CdmJob): Promise<Map<Contrast, Prediction>> {
  return paint(job, await guideTargets(job));
}
