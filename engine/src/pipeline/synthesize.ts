import type { Region } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import type { Network } from '../inference/Runtime';
import type { ServedModel } from '../inference/ServedModel';
import type { Options, Target } from '../methods/Method';
import type { Model } from '../models';
import { type OnStep, stepsOf } from '../progress';
import { resample } from '../volume/resample';
import { withTargetShading } from '../volume/targetShading';
import type { Volume } from '../volume/Volume';
import { type CompactErrors, compactErrors } from './CompactErrors';
import { type Prepared, prepare } from './prepare';

/** Input of a synthesis, apart from the bundles; independent of where it runs. */
export interface SynthesisRequest {
  /** Acquired series by role; real-world values, LPS affines. */
  sources: ReadonlyMap<RoleId, Volume>;
  /** The source whose grid the results lie on. */
  reference: RoleId;
  /** The region in the sources, along the axes of the reference. */
  region: Region;
  targets: readonly Target[];
  /** Every option of the method. */
  options: Options;
  seed: number;
  /** The bundle on a server, which runs in place of its networks. */
  server?: ServedModel;
  /** The sources as `prepare` makes them of these, where somebody has them already. */
  prepared?: Prepared;
}

/** One synthesized target. */
export interface Synthesis {
  /**
   * What was predicted, on the reference's grid: [0, ceiling], 0 outside the region but for the half voxel
   * that interpolation blurs.
   */
  volume: Volume;
  /** Computes how far it may be off, of what is kept. */
  errors(): CompactErrors;
}

/**
 * From the sources and their region to the targets: resample, normalize, run the method, back onto
 * the reference series' grid.
 * @param network of the bundle, by its name
 * @throws SynthesisError as `prepare` and `Method.run`
 */
export async function synthesize(
  request: SynthesisRequest,
  { manifest, method }: Pick<Model, 'manifest' | 'method'>,
  network: (name: string) => Network,
  onStep?: OnStep,
  signal?: AbortSignal,
): Promise<Map<RoleId, Synthesis>> {
  const { targets, options, seed, prepared, server } = request;
  // Every stage of a job is reported, whoever did its work.
  if (prepared) onStep?.({ stage: 'prepare', done: 1, of: 1 });
  const { sources, region } =
    prepared ??
    (await prepare(request.sources, request.reference, request.region, manifest, { onStep, signal }));
  const predicted = await method.run({
    manifest,
    network,
    server,
    sources,
    region,
    targets,
    options,
    seed,
    onStep: onStep && stepsOf(method.stages, onStep),
    signal,
  });
  const { dims, indexToWorld } = request.sources.get(request.reference)!;
  return new Map(
    targets.map(({ id }) => {
      const { mean, uncertainty } = predicted.get(id)!;
      const shaded = withTargetShading(mean, region, id, sources, manifest.normalization);
      return [
        id,
        {
          volume: resample(shaded, { dims, indexToWorld }),
          errors: () => compactErrors(uncertainty(), region, manifest.white_matter?.[id]),
        },
      ];
    }),
  );
}
