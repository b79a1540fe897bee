import type { RoleId } from '../../domains/Role';
import { checkpoint, SynthesisError } from '../../errors';
import { Lesions } from '../../inference/Lesions';
import { availability, neighbourhoods, slabsWithRegion } from '../../inference/slabs';
import { clip } from '../../volume/normalize';
import type { MethodJob, Prediction } from '../Method';
import { askServer } from './askServer';
import { Cells } from './Cells';
import { drawSample, encodeTokens, type Sampling, whiteNoise } from './drawSample';
import { Evidence } from './Evidence';
import { message } from './en';
import type { Found } from './Found';
import { type CdmManifest, networkNames } from './manifest';

type Job = MethodJob<CdmManifest, Record<string, never>>;

/** Volumes of a target: the mean of the members, and of their own guesses of their error. */
interface Sums {
  mean: Float32Array;
  scale: Float32Array;
}

/**
 * The C-UNets on the slices of the region, slab by slab; each makes all targets at once, and their mean is
 * the result, or for a target with a `sample` that sample. The uncertainty is that of
 * the mean.
 * @param noiseOf draws the noise of a sample
 * @throws SynthesisError `cancelled`, or `plan-invalid` for a sample of a region that is too long
 */
export async function synthesize(job: Job, noiseOf = whiteNoise): Promise<Map<RoleId, Prediction>> {
  const { manifest, sources, region, targets } = job;
  const [first] = sources.values();
  const blank = () => new Float32Array(first.data.length);
  const sums = new Map<RoleId, Sums>(targets.map(({ id }) => [id, { mean: blank(), scale: blank() }]));
  const { server } = job;
  // A server answers with the mean of the members.
  const parts = server ? 1 : manifest.members;
  const lesions = new Lesions(manifest.lesions, region, first, parts);
  const sampling = samplingOf(job, parts);
  const evidence = sampling?.evidence;
  const add = (found: Found) => {
    addFound(found, job, parts, sums, lesions);
    for (const [s, z] of found.slices.entries()) evidence?.add(found.outputs.lesion, s, z);
  };
  if (server) await askServer(job, server, add, evidence);
  else await runMembers(job, add, evidence);
  if (sampling) await addSamples(job, sums, sampling, noiseOf);
  const volume = (data: Float32Array) => ({ ...first, data });
  return new Map(
    [...sums].map(([id, { mean, scale }]) => [
      id,
      {
        mean: volume(mean),
        lesions: () => lesions.probabilities(),
        uncertainty: () => ({
          spread: volume(scale.map(v => v * manifest.uncertainty.factor[id])),
          indeterminate: lesions.indeterminate(manifest.indeterminate?.[id]),
        }),
      },
    ]),
  );
}

/**
 * What samples are made with; undefined where none is wanted.
 * @param parts how often each slice is added
 */
function samplingOf({ manifest, sources, region, targets }: Job, parts: number): Sampling | undefined {
  const { diffusion, lesions } = manifest;
  if (!diffusion || !targets.some(({ parameters }) => parameters?.sample)) return undefined;
  const [{ dims }] = sources.values();
  const most = diffusion.keys * diffusion.cell.slices;
  if (dims[2] > most) {
    throw new SynthesisError('plan-invalid', message('cdm/too-long', { slices: dims[2], most }));
  }
  const cells = new Cells(dims, region, diffusion.cell);
  const made = slabsWithRegion(region, dims[0] * dims[1], 1).flat();
  const evidence = new Evidence(cells, dims, diffusion.cell, made, lesions.length, parts);
  return { diffusion, cells, evidence };
}

async function runMembers(
  { manifest, sources, region, network, signal, onStep }: Job,
  add: (found: Found) => void,
  evidence: Evidence | undefined,
): Promise<void> {
  const { roles, grid, members } = manifest;
  const [{ dims }] = sources.values();
  const slabs = slabsWithRegion(region, dims[0] * dims[1], grid.slab);
  let done = 0;
  for (const slices of slabs) {
    const images = neighbourhoods(sources, roles, slices, grid.slab, grid.neighbours);
    const given = availability(sources, roles, grid.slab);
    for (const name of networkNames(members)) {
      await checkpoint(signal);
      const outputs = await network(name).run({ images, availability: given });
      add({ slices, contrasts: roles, outputs });
      const { features } = outputs;
      if (features) for (const [s, z] of slices.entries()) evidence?.keep('features', features, s, z);
      onStep?.({ stage: 'images', done: ++done, of: slabs.length * members });
    }
  }
}

/** @param parts how often each slice is added */
function addFound(
  { slices, contrasts, outputs: { mean: images, scale: errors, lesion } }: Found,
  { manifest, sources, region }: Job,
  parts: number,
  sums: ReadonlyMap<RoleId, Sums>,
  lesions: Lesions,
): void {
  const { ceiling } = manifest.normalization;
  const [{ dims }] = sources.values();
  const plane = dims[0] * dims[1];
  for (const [s, z] of slices.entries()) {
    for (const [id, { mean, scale }] of sums) {
      const from = (s * contrasts.length + contrasts.indexOf(id)) * plane;
      for (let i = 0, at = z * plane; i < plane; i++, at++) {
        if (!region[at]) continue;
        mean[at] += clip(images.data[from + i], ceiling) / parts;
        scale[at] += errors.data[from + i] / parts;
      }
    }
    lesions.add(lesion.data, s, z);
  }
}

/** Adds the sample that each target asks for to its mean. */
async function addSamples(
  job: Job,
  sums: ReadonlyMap<RoleId, Sums>,
  sampling: Sampling,
  noiseOf: typeof whiteNoise,
): Promise<void> {
  const { manifest, region, targets, seed, server, onStep } = job;
  const { cells, evidence, diffusion } = sampling;
  if (!server) await encodeTokens(job, evidence);
  const wanted = targets.filter(({ parameters }) => parameters?.sample);
  const of = wanted.length * (server ? 1 : diffusion.timesteps.length);
  let done = 0;
  const step = () => onStep?.({ stage: 'samples', done: ++done, of });
  for (const { id, parameters } of wanted) {
    const { mean, scale } = sums.get(id)!;
    const noise = noiseOf(seed, parameters!.sample, cells);
    const residual = await drawSample(job, sampling, id, mean, scale, noise, step);
    cells.addTo(mean, residual);
    for (let at = 0; at < mean.length; at++) {
      if (region[at]) mean[at] = clip(mean[at], manifest.normalization.ceiling);
    }
  }
}
