import type { RoleId } from '../../domains/Role';
import { checkpoint } from '../../errors';
import type { Tensor } from '../../inference/Runtime';
import type { Expected, ServedModel } from '../../inference/ServedModel';
import { slabsWithRegion } from '../../inference/slabs';
import type { MethodJob } from '../Method';
import type { Evidence } from './Evidence';
import type { Found } from './Found';
import type { CdmManifest } from './manifest';

type Job = MethodJob<CdmManifest, unknown>;

/** What MDN makes a sample of, [keys, channels, h, w]; `noise` is correlated along k. */
export type Given = Record<'maps' | 'features' | 'tokens' | 'valid' | 'noise', Tensor>;

/** A value that only has to be finite. */
const FINITE = { least: -Number.MAX_VALUE, most: Number.MAX_VALUE };

/**
 * The C-UNets on a server, which models/training's `methods/cdm/serve.py` runs there: each request has a part
 * of the stack, the slices to make of it and their neighbours.
 * @param add gets the mean of the members
 * @param evidence keeps what a sample needs, where one is wanted
 * @throws SynthesisError `cancelled`, or as `ServedModel.infer`
 */
export async function askServer(
  { manifest, sources, region, targets, signal, onStep }: Job,
  server: ServedModel,
  add: (found: Found) => void,
  evidence?: Evidence,
): Promise<void> {
  const { roles, grid, lesions, normalization } = manifest;
  const [{ dims }] = sources.values();
  const [width, height, depth] = dims;
  const plane = width * height;
  const volumes = [...sources.values()];
  const contrasts = targets.map(({ id }) => id);
  const pieces = slabsWithRegion(region, plane, server.slices);
  for (const [n, slices] of pieces.entries()) {
    await checkpoint(signal);
    const from = Math.max(0, slices[0] - grid.neighbours);
    const to = Math.min(depth, slices[slices.length - 1] + grid.neighbours + 1);
    const images = new Float32Array(volumes.length * (to - from) * plane);
    for (const [s, { data }] of volumes.entries()) {
      images.set(data.subarray(from * plane, to * plane), s * (to - from) * plane);
    }
    const keys = [...slices.keys()].filter(s => evidence?.keys.has(slices[s]));
    const shape = [slices.length, contrasts.length, height, width];
    const outputs = await server.infer(
      {
        images: { dims: [volumes.length, to - from, height, width], data: images },
        sources: numbers(sources.keys(), roles),
        targets: numbers(contrasts, roles),
        slices: ints(slices.map(z => z - from)),
        ...(keys.length > 0 && { keys: ints(keys) }),
      },
      {
        mean: { shape, least: 0, most: normalization.ceiling },
        scale: { shape, least: 0, most: Number.MAX_VALUE },
        lesion: { shape: [slices.length, lesions.length, height / 2, width / 2], least: 0, most: 1 },
        ...(keys.length > 0 && evidenceOf(manifest, keys.length)),
      },
    );
    add({ slices, contrasts, outputs });
    for (const [row, s] of keys.entries()) {
      evidence?.keep('features', outputs.features, row, slices[s]);
      evidence?.keep('tokens', outputs.tokens, row, slices[s]);
    }
    onStep?.({ stage: 'images', done: n + 1, of: pieces.length });
  }
}

/**
 * MDN on a server, from noise to a sample in one request: the noise is drawn here, so that a seed gives the
 * same sample on both.
 * @returns [keys, channels, h, w]
 * @throws SynthesisError as `ServedModel.infer`
 */
export async function askSample(
  { manifest, sources }: Job,
  server: ServedModel,
  target: RoleId,
  given: Given,
): Promise<Float32Array> {
  const { roles } = manifest;
  const { clean } = await server.infer(
    { ...given, sources: numbers(sources.keys(), roles), targets: numbers([target], roles) },
    { clean: { shape: given.noise.dims, ...FINITE } },
  );
  return clean.data;
}

function evidenceOf({ networks }: CdmManifest, keys: number): Record<'features' | 'tokens', Expected> {
  const of = ([, ...dims]: readonly number[]) => ({ shape: [keys, ...dims], ...FINITE });
  return { features: of(networks['cunet-0'].outputs.features), tokens: of(networks.mrm.outputs.tokens) };
}

function numbers(of: Iterable<RoleId>, roles: readonly RoleId[]) {
  return ints([...of].map(role => roles.indexOf(role)));
}

function ints(values: readonly number[]) {
  return { dims: [values.length], data: Int32Array.from(values) };
}
