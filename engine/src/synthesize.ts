import type { CdmManifest } from './bundle/manifest';
import type { CdmChoices } from './cdm/CdmJob';
import { synthesizeCdm } from './cdm/synthesizeCdm';
import type { Contrast } from './contrast/Contrast';
import type { FoundBrain } from './findBrain';
import type { Network } from './inference/Runtime';
import { prepare } from './prepare';
import type { OnStep } from './progress';
import { resample } from './volume/resample';
import { maskedMean } from './volume/statistics';
import type { Volume } from './volume/Volume';

/** What a job is made of, apart from the bundles: nothing here depends on where it runs. */
export interface SynthesisRequest extends Pick<CdmChoices, 'samples' | 'guidance' | 'steps'> {
  /** Acquired series by contrast; real-world values, LPS affines. */
  sources: ReadonlyMap<Contrast, Volume>;
  /** The source whose grid the results lie on. */
  reference: Contrast;
  /** The brain in the sources, along the axes of the reference. */
  brain: FoundBrain;
  targets: readonly Contrast[];
  seed: number;
  /** Whether the mean spread is wanted; default: not. */
  spread?: boolean;
}

/** One synthesized contrast. */
export interface Synthesis {
  /** Mean of the samples on the reference's grid: [0, ceiling], 0 outside the brain but for the half voxel that interpolation blurs. */
  volume: Volume;
  /** Mean of the expected absolute error over the brain, normalized units; only where it was asked for. */
  meanSpread?: number;
}

/**
 * From the sources and their brain to the missing contrasts: resample, normalize, MRM, MDN, C-UNet, back onto the reference series' grid.
 * @param network of the bundle, by its name
 * @throws SynthesisError as `prepare` and `synthesizeCdm`
 */
export async function synthesize(
  request: SynthesisRequest,
  manifest: CdmManifest,
  network: (name: string) => Network,
  onStep?: OnStep,
  signal?: AbortSignal,
): Promise<Map<Contrast, Synthesis>> {
  const { sources, brain } = await prepare(request.sources, request.reference, request.brain, manifest, {
    onStep,
    signal,
  });
  const { targets, samples, guidance, steps, seed } = request;
  const predicted = await synthesizeCdm({
    manifest,
    network,
    sources,
    brain,
    targets,
    samples,
    guidance,
    steps,
    seed,
    uncertainty: request.spread,
    onStep,
    signal,
  });
  const { dims, indexToWorld } = request.sources.get(request.reference)!;
  return new Map(
    [...predicted].map(([target, { mean, uncertainty }]) => [
      target,
      {
        volume: resample(mean, { dims, indexToWorld }),
        meanSpread: uncertainty && maskedMean(uncertainty.spread.data, brain),
      },
    ]),
  );
}
