import type { RoleId } from '../../domains/Role';
import { checkpoint } from '../../errors';
import type { ServedModel } from '../../inference/ServedModel';
import { slabsWithRegion } from '../../inference/slabs';
import type { MethodJob } from '../Method';
import type { ResidualManifest } from './manifest';
import type { Found } from './slabs';

/**
 * The C-UNets on a server, which models/training's `methods/cdm/serve.py` runs there: each request has a part
 * of the stack, the slices to make of it and their neighbours.
 * @param add gets the mean of the members
 * @throws SynthesisError `cancelled`, or as `ServedModel.infer`
 */
export async function askServer(
  { manifest, sources, region, targets, signal, onStep }: MethodJob<ResidualManifest, unknown>,
  server: ServedModel,
  add: (found: Found) => void,
): Promise<void> {
  const { roles, grid, lesions, normalization } = manifest;
  const [{ dims }] = sources.values();
  const [width, height, depth] = dims;
  const plane = width * height;
  const volumes = [...sources.values()];
  const contrasts = targets.map(({ id }) => id);
  const numbers = (of: Iterable<RoleId>) => ints([...of].map(role => roles.indexOf(role)));
  const pieces = slabsWithRegion(region, plane, server.slices);
  for (const [n, slices] of pieces.entries()) {
    await checkpoint(signal);
    const from = Math.max(0, slices[0] - grid.neighbours);
    const to = Math.min(depth, slices[slices.length - 1] + grid.neighbours + 1);
    const images = new Float32Array(volumes.length * (to - from) * plane);
    for (const [s, { data }] of volumes.entries()) {
      images.set(data.subarray(from * plane, to * plane), s * (to - from) * plane);
    }
    const shape = [slices.length, contrasts.length, height, width];
    const outputs = await server.infer(
      {
        images: { dims: [volumes.length, to - from, height, width], data: images },
        sources: numbers(sources.keys()),
        targets: numbers(contrasts),
        slices: ints(slices.map(z => z - from)),
      },
      {
        mean: { shape, least: 0, most: normalization.ceiling },
        scale: { shape, least: 0, most: Number.MAX_VALUE },
        lesion: { shape: [slices.length, lesions.length, height / 2, width / 2], least: 0, most: 1 },
      },
    );
    add({ slices, contrasts, outputs });
    onStep?.({ stage: 'images', done: n + 1, of: pieces.length });
  }
}

function ints(values: readonly number[]) {
  return { dims: [values.length], data: Int32Array.from(values) };
}
