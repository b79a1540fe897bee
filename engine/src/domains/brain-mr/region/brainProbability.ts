import { checkpoint } from '../../../errors';
import { type Network, type Tensor, tensor } from '../../../inference/Runtime';
import type { Volume } from '../../../volume/Volume';
import type { BrainRules } from './brainManifest';
import { addCropped, cropSlice, foregroundCrop } from './foregroundCrop';
import { normalizeIntensity } from './normalizeIntensity';

/**
 * Runs the network on one contrast, slab by slab, and adds the probability of brain times `weight` to `sum`.
 * The network sees each group of slices with its neighbours; beyond the volume the first and the last slice
 * are repeated.
 * @param sum laid out like volume.data
 * @param volume whole head on the network's grid, any unit
 * @throws RangeError when no value of the volume is positive, SynthesisError `cancelled`
 */
export async function addBrainProbability(
  sum: Float32Array,
  volume: Volume,
  network: Network,
  { grid, input }: BrainRules,
  { weight, onSlab, signal }: { weight: number; onSlab?: () => void; signal?: AbortSignal },
): Promise<void> {
  const depth = volume.dims[2];
  const { data, foreground } = normalizeIntensity(volume.data, input);
  const { slab, together, planes, size } = grid;
  const crop = foregroundCrop(foreground, volume.dims, size);
  const slices = Array.from({ length: depth }, (_, k) => cropSlice(data, k, crop));
  for (let first = 0; first < depth; first += slab) {
    const plane = (row: number): Float32Array => {
      const group = first + together * Math.floor(row / planes.length);
      return slices[Math.min(depth - 1, Math.max(0, group + planes[row % planes.length]))];
    };
    const { data: stack } = tensor((slab / together) * planes.length, size, plane);
    const images: Tensor = { dims: [slab / together, planes.length, ...size], data: stack };
    const { probability } = await network.run({ images });
    const length = size[0] * size[1];
    for (let s = 0; s < slab && first + s < depth; s++) {
      addCropped(sum, first + s, crop, probability.data.subarray(s * length, (s + 1) * length), weight);
    }
    onSlab?.();
    await checkpoint(signal);
  }
}
