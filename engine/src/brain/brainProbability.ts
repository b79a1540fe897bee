import { checkpoint } from '../errors';
import { type Network, type Tensor, tensor } from '../inference/Runtime';
import type { Volume } from '../volume/Volume';
import type { BrainRules } from './brainManifest';
import { addSquare, cutSquare, headSquare } from './headSquare';
import { scaleHead } from './scaleHead';

/**
 * Adds to `sum` what the network thinks of one contrast, slab by slab: the probability of brain of each voxel.
 * A slice is seen together with others around it, the first and last slice replicated; the last slab is filled with its
 * last slice.
 * @param volume whole head on the network's grid, any unit
 * @param sum laid out like volume.data
 * @throws RangeError when the volume shows nothing, SynthesisError `cancelled`
 */
export async function addBrainProbability(
  volume: Volume,
  network: Network,
  { grid, input }: BrainRules,
  sum: Float32Array,
  onSlab: () => void,
  signal?: AbortSignal,
): Promise<void> {
  const { dims } = volume;
  const depth = dims[2];
  const { data, foreground } = scaleHead(volume.data, input);
  const square = headSquare(foreground, dims, grid.size);
  const planes = grid.planes.length;
  const seen = Array.from({ length: depth }, (_, k) => cutSquare(data, dims, k, square));
  const inside = (k: number) => Math.min(depth - 1, Math.max(0, k));
  for (let first = 0; first < depth; first += grid.slab) {
    const plane = (row: number): Float32Array => {
      const k = inside(first + Math.floor(row / planes));
      return seen[inside(k + grid.planes[row % planes])];
    };
    const { data: stack } = tensor(grid.slab * planes, grid.size, plane);
    const images: Tensor = { dims: [grid.slab, planes, ...grid.size], data: stack };
    const { probability } = await network.run({ images });
    const length = grid.size[0] * grid.size[1];
    for (let s = 0; s < grid.slab && first + s < depth; s++) {
      addSquare(probability.data.subarray(s * length, (s + 1) * length), sum, dims, first + s, square);
    }
    onSlab();
    await checkpoint(signal);
  }
}
