import { type StoredImage, storedImage } from '../dicom/storedImage';
import { domainOf } from '../domains';
import type { RoleId } from '../domains/Role';
import { checkpoint } from '../errors';
import type { Network } from '../inference/Runtime';
import type { Model } from '../models';
import { type OnStep, runOf, stepsOf } from '../progress';
import { compareImages, type Similarity } from '../selfCheck/compareImages';
import { type LesionError, lesionError } from '../selfCheck/lesionError';
import { likelyLesion } from '../volume/LesionProbabilities';
import { resample } from '../volume/resample';
import { resampleCubic } from '../volume/resampleCubic';
import { withTargetShading } from '../volume/targetShading';
import type { Grid } from '../volume/Volume';
import { prepare } from './prepare';
import type { SynthesisRequest } from './synthesize';

/** A source, made again from the others, on the reference's grid. */
export interface RemadeSource extends StoredImage {
  role: RoleId;
  /** What it was made from. */
  sources: readonly RoleId[];
  figures: Similarity;
  /** Where the model finds a lesion. */
  lesion?: LesionError;
  /** Made again minus acquired, % of the acquired image's range, on that grid; NOT_COMPARED elsewhere. */
  difference: Int8Array<ArrayBuffer>;
}

/** In a difference: outside the region. */
export const NOT_COMPARED = -128;
const LARGEST_DIFFERENCE = 127;

/**
 * Makes each of the targets, all of them sources, from the other sources, as a job would, and compares it
 * with what was acquired, on the bundle's grid. That grid is the reference's even while the reference itself
 * is left out.
 * @param network of the bundle, by its name
 * @throws SynthesisError as `prepare` and `Method.run`
 */
export async function remakeSources(
  request: SynthesisRequest,
  { manifest, method }: Pick<Model, 'manifest' | 'method'>,
  network: (name: string) => Network,
  onStep?: OnStep,
  signal?: AbortSignal,
): Promise<RemadeSource[]> {
  const { targets, options, seed, reference, server } = request;
  const { windows } = domainOf(manifest.domain);
  const { sources, region } = await prepare(request.sources, reference, request.region, manifest, {
    onStep,
    signal,
  });
  const { dims, indexToWorld } = request.sources.get(reference)!;
  const grid: Grid = { dims, indexToWorld };
  const [modelGrid] = sources.values();
  const inside = resample({ ...modelGrid, data: Float32Array.from(region) }, grid).data;
  const remade: RemadeSource[] = [];
  for (const [n, target] of targets.entries()) {
    const others = new Map([...sources].filter(([role]) => role !== target.id));
    const predicted = await method.run({
      manifest,
      network,
      server,
      sources: others,
      region,
      targets: [target],
      options,
      seed,
      onStep: onStep && stepsOf(method.stages, runOf(n, targets.length, onStep)),
      signal,
    });
    const { mean, lesions } = predicted.get(target.id)!;
    const shaded = withTargetShading(mean, region, target.id, others, manifest.normalization);
    const { figures, difference } = compareImages(mean, sources.get(target.id)!, region);
    const found = lesions?.();
    await checkpoint(signal);
    remade.push({
      role: target.id,
      sources: [...others.keys()],
      figures,
      lesion: lesionError({ ...mean, data: difference }, found && likelyLesion(found)),
      ...storedImage(resampleCubic(shaded, grid), windows[target.id]),
      difference: percentOf(resample({ ...mean, data: difference }, grid).data, inside),
    });
    await checkpoint(signal);
  }
  return remade;
}

function percentOf(difference: Float32Array, inside: Float32Array): Int8Array<ArrayBuffer> {
  const percent = new Int8Array(difference.length).fill(NOT_COMPARED);
  for (let i = 0; i < percent.length; i++) {
    if (inside[i] < 0.5) continue;
    const value = Math.round((100 * difference[i]) / inside[i]);
    percent[i] = Math.max(-LARGEST_DIFFERENCE, Math.min(LARGEST_DIFFERENCE, value));
  }
  return percent;
}
