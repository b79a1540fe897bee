import type { CdmManifest } from './bundle/manifest';
import type { CdmChoices } from './cdm/CdmJob';
import { synthesizeCdm } from './cdm/synthesizeCdm';
import type { Contrast } from './contrast/Contrast';
import type { FoundBrain } from './findBrain';
import type { Network } from './inference/Runtime';
import { prepare } from './prepare';
import type { OnStep } from './progress';
import { meanInside } from './volume/meanInside';
import { resample } from './volume/resample';
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
  /** Whether the spread is wanted as a volume; default: not. */
  spread?: boolean;
}

/** One synthesized contrast. */
export interface Synthesis {
  /** Mean of the samples on the reference's grid: [0, ceiling], 0 outside the brain but for the half voxel that interpolation blurs. */
  volume: Volume;
  /** Expected absolute error on the same grid, normalized units; only where it was asked for. */
  spread?: Volume;
  /** Mean of the spread over the brain, normalized units. */
  meanSpread: number;
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
  const { sources, brain } = await prepare(
    request.sources,
    request.reference,
    request.brain,
    manifest,
    onStep,
    signal,
  );
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
    onStep,
    signal,
  });
  const { dims, indexToWorld } = request.sources.get(request.reference)!;
  const onReference = (volume: Volume) => resample(volume, { dims, indexToWorld });
  return new Map(
    [...predicted].map(([target, { mean, spread }]) => [
      target,
      {
        volume: onReference(mean),
        spread: request.spread ? onReference(spread) : undefined,
        meanSpread: meanInside(spread.data, brain),
      },
    ]),
  );
}
