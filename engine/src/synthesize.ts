import type { BundleManifest } from './bundle/manifest';
import { synthesizeCdm } from './cdm/synthesizeCdm';
import type { Contrast } from './contrast/Contrast';
import type { Network } from './inference/Runtime';
import { prepare } from './prepare';
import type { OnStep } from './progress';
import { resample } from './volume/resample';
import type { Volume } from './volume/Volume';

/** What a job is made of, apart from the bundle: nothing here depends on where it runs. */
export interface SynthesisRequest {
  /** Acquired series by contrast; real-world values, LPS affines. */
  sources: ReadonlyMap<Contrast, Volume>;
  /** The source whose grid the results lie on. */
  reference: Contrast;
  targets: readonly Contrast[];
  samples: number;
  seed: number;
}

/**
 * The whole walk for one study: align and normalize, MRM, MDN, C-UNet, back onto the reference series' grid.
 * @returns for each target values in [0, manifest.normalization.ceiling], 0 outside the brain but for the half voxel that interpolation blurs
 */
export async function synthesize(
  request: SynthesisRequest,
  manifest: BundleManifest,
  network: (name: string) => Network,
  onStep?: OnStep,
  signal?: AbortSignal,
): Promise<Map<Contrast, Volume>> {
  const { sources, brain } = await prepare(request.sources, request.reference, manifest, onStep, signal);
  const { targets, samples, seed } = request;
  const predicted = await synthesizeCdm({
    manifest,
    network,
    sources,
    brain,
    targets,
    samples,
    seed,
    onStep,
    signal,
  });
  const { dims, indexToWorld } = request.sources.get(request.reference)!;
  return new Map(
    [...predicted].map(([target, volume]) => [target, resample(volume, { dims, indexToWorld })] as const),
  );
}
