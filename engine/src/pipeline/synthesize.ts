import { domainOf } from '../domains';
import type { Region } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import { SynthesisError } from '../errors';
import type { Network } from '../inference/Runtime';
import type { ServedModel } from '../inference/ServedModel';
import { message } from '../messages';
import type { Options, Target } from '../methods/Method';
import type { Model } from '../models';
import { type OnStep, stepsOf } from '../progress';
import { type LesionVolumes, lesionVolumes } from '../volume/LesionProbabilities';
import { type Mask, onSlices } from '../volume/Mask';
import { resampleCubic } from '../volume/resampleCubic';
import { gridOfSlices, type SliceRange, slicesNear } from '../volume/sliceRange';
import { withTargetShading } from '../volume/targetShading';
import type { Grid, Volume } from '../volume/Volume';
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
  /** Of the reference, where not all are to be made. */
  slices?: SliceRange;
  /** The bundle on a server, which runs in place of its networks. */
  server?: ServedModel;
  /** The sources as `prepare` makes them of these, where somebody has them already. */
  prepared?: Prepared;
}

/** One synthesized target. */
export interface Synthesis {
  /**
   * What was predicted, on the reference's grid or those slices of it: [0, ceiling], 0 outside the region but
   * for the half voxel that interpolation blurs.
   */
  volume: Volume;
  /** Where the model looks for lesions. */
  lesions?: LesionVolumes;
  /** Computes how far it may be off, of what is kept. */
  errors(): CompactErrors;
}

/**
 * From the sources and their region to the targets: resample, normalize, run the method, back onto
 * the reference series' grid.
 * @param network of the bundle, by its name
 * @throws SynthesisError as `prepare` and `Method.run`, and `no-region` where the slices show nothing of it
 */
export async function synthesize(
  request: SynthesisRequest,
  { manifest, method }: Pick<Model, 'manifest' | 'method'>,
  network: (name: string) => Network,
  onStep?: OnStep,
  signal?: AbortSignal,
): Promise<Map<RoleId, Synthesis>> {
  const { targets, options, seed, slices, prepared, server } = request;
  // Every stage of a job is reported, whoever did its work.
  if (prepared) onStep?.({ stage: 'prepare', done: 1, of: 1 });
  const { sources, region } =
    prepared ??
    (await prepare(request.sources, request.reference, request.region, manifest, { onStep, signal }));
  const { dims, indexToWorld } = request.sources.get(request.reference)!;
  const whole = { dims, indexToWorld };
  const grid = slices ? gridOfSlices(whole, slices) : whole;
  const wanted = slices ? regionNear(region, [...sources.values()][0], grid) : region;
  if (slices && !wanted.includes(1)) {
    const { region: name } = domainOf(manifest.domain).words;
    throw new SynthesisError('no-region', message('job/empty-slices', { ...slices, region: name }));
  }
  const predicted = await method.run({
    manifest,
    network,
    server,
    sources,
    region: wanted,
    targets,
    options,
    seed,
    onStep: onStep && stepsOf(method.stages, onStep),
    signal,
  });
  return new Map(
    targets.map(({ id }) => {
      const { mean, uncertainty, lesions } = predicted.get(id)!;
      const shaded = withTargetShading(mean, region, id, sources, manifest.normalization);
      return [
        id,
        {
          volume: resampleCubic(shaded, grid),
          lesions: lesions && lesionVolumes(lesions()),
          errors: () => compactErrors(uncertainty(), wanted, manifest.white_matter?.[id], lesions?.()),
        },
      ];
    }),
  );
}

/** The region on the slices that a part of the reference is interpolated from. */
function regionNear(region: Mask, { dims, indexToWorld }: Grid, part: Grid): Mask {
  const all = Array.from({ length: dims[2] }, (_, k) => k);
  return onSlices(region, slicesNear({ dims, indexToWorld }, all, part), dims[0] * dims[1]);
}
