import { checkpoint } from '../errors';
import { type Network, type Tensor, tensor } from '../inference/Runtime';
import type { Volume } from '../volume/Volume';
import type { BrainRules } from './brainManifest';
import { addSquare, cutSquare, headSquare } from './headSquare';
import { scaleHead } from './scaleHead';

/**
 * Adds to `mean` what the network thinks of one contrast, slab by slab: the probability of brain of each voxel, times `weight`.
 * Slices are seen together with others around them; beyond the volume its first and last slice are repeated.
 * @param volume whole head on the network's grid, any unit
 * @param mean laid out like volume.data
 * @param weight of this contrast among all
 * @throws RangeError when the volume shows nothing, SynthesisError `cancelled`
 */
export async function addBrainProbability(
  volume: Volume,
  network: Network,
  { grid, input }: BrainRules,
  mean: Float32Array,
  weight: number,
  onSlab: () => void,
  signal?: AbortSignal,
): Promise<void> {
  const { dims } = volume;
  const depth = dims[2];
  const { data, foreground } = scaleHead(volume.data, input);
  const square = headSquare(foreground, dims, grid.size);
  const { slab, together, planes, size } = grid;
  const seen = Array.from({ length: depth }, (_, k) => cutSquare(data, dims, k, square));
  for (let first = 0; first < depth; first += slab) {
    const plane = (row: number): Float32Array => {
      const group = first + together * Math.floor(row / planes.length);
      return seen[Math.min(depth - 1, Math.max(0, group + planes[row % planes.length]))];
    };
    const { data: stack } = tensor((slab / together) * planes.length, size, plane);
    const images: Tensor = { dims: [slab / together, planes.length, ...size], data: stack };
    const { probability } = await network.run({ images });
    const length = size[0] * size[1];
    for (let s = 0; s < slab && first + s < depth; s++) {
      addSquare(
        probability.data.subarray(s * length, (s + 1) * length),
        mean,
        dims,
        first + s,
        square,
        weight,
      );
    }
    onSlab();
    await checkpoint(signal);
  }
}
