import type { CdmManifest, Guidance } from '../bundle/manifest';
import type { Contrast } from '../contrast/Contrast';
import type { Network } from '../inference/Runtime';
import type { OnStep } from '../progress';
import type { Mask } from '../volume/Mask';
import type { Stack } from './stack';

/** How a job is done, apart from what the bundle says. */
export interface CdmChoices {
  /** Number of y samples whose images are averaged. */
  samples: number;
  /** Default: the bundle's. */
  guidance?: Guidance;
  /** Number of DDIM steps; default: the bundle's. */
  steps?: number;
  /** Members that paint, sample i by the (i mod length)-th of them; default: all. */
  members?: readonly number[];
}

export interface CdmJob extends CdmChoices {
  manifest: CdmManifest;
  /** Network of the bundle by its name. */
  network: (name: string) => Network;
  sources: Stack;
  /** Brain on the sources' grid, 0 or 1; the result is 0 elsewhere, and slices without any are not painted. */
  brain: Mask;
  targets: readonly Contrast[];
  /** Seed of the noise; the same seed gives the same pixels on the same provider and thread count. */
  seed: number;
  /** True tokens of each target at the key slices (`encodeTokens`) instead of predicted ones: for evaluation only. */
  tokens?: ReadonlyMap<Contrast, Float32Array>;
  /** Whether the uncertainty is wanted too; making it costs time. */
  uncertainty?: boolean;
  onStep?: OnStep;
  signal?: AbortSignal;
}

/** The member that paints each sample. */
export function painters(
  { members: all }: Pick<CdmManifest, 'members'>,
  { samples, members }: CdmChoices,
): number[] {
  const chosen = members ?? Array.from({ length: all }, (_, k) => k);
  return Array.from({ length: samples }, (_, i) => chosen[i % chosen.length]);
}

/** The job's guidance, else the bundle's. */
export function guidanceOf(manifest: CdmManifest, choices: CdmChoices): Guidance {
  return choices.guidance ?? manifest.guidance;
}

/** Of each sample whether a predicted y is told to the member that paints it. */
export function guided(manifest: CdmManifest, choices: CdmChoices): boolean[] {
  const none = guidanceOf(manifest, choices) === 'none';
  return painters(manifest, choices).map(member => !none && !manifest.unguided?.includes(member));
}
