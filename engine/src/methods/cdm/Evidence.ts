import type { Tensor } from '../../inference/Runtime';
import { enlarge } from '../../inference/slabs';
import type { Point3 } from '../../volume/Volume';
import type { CellRule, Cells } from './Cells';

/** What only the diffusion needs, in cells: the C-UNets' lesions, the first one's features, MRM's tokens. */
export class Evidence {
  /** The cells along k by the slice that stands for each: its middle one, or the nearest that is made. */
  readonly keys: ReadonlyMap<number, number>;
  /** [K, channels, h, w], 0 where no slice is made. */
  private readonly maps = { features: new Float32Array(), tokens: new Float32Array() };
  private readonly sums: Float32Array[];
  private readonly large: Float32Array;

  /**
   * @param made slices that are made, ascending
   * @param classes of lesions, the first of them none
   * @param parts how often each slice is added
   */
  constructor(
    private readonly cells: Cells,
    private readonly size: Point3,
    { slices }: Pick<CellRule, 'slices'>,
    made: readonly number[],
    private readonly classes: number,
    private readonly parts: number,
  ) {
    const [width, height, depth] = size;
    const nearest = new Map<number, number>();
    for (const z of made) {
      const k = Math.floor(z / slices);
      const middle = Math.min(k * slices + Math.floor(slices / 2), depth - 1);
      const before = nearest.get(k);
      if (before === undefined || Math.abs(z - middle) < Math.abs(before - middle)) nearest.set(k, z);
    }
    this.keys = new Map([...nearest].map(([k, z]) => [z, k]));
    this.sums = Array.from({ length: classes - 1 }, () => cells.blank());
    this.large = new Float32Array(width * height);
  }

  /**
   * Adds the probabilities of lesions in one slice.
   * @param s its place in the slab
   * @param z its place in the volume
   */
  add(lesion: Tensor, s: number, z: number): void {
    const [width, height] = this.size;
    const plane = this.large.length / 4;
    for (const [n, sums] of this.sums.entries()) {
      const from = (s * this.classes + n + 1) * plane;
      enlarge(lesion.data.subarray(from, from + plane), width, height, this.large);
      this.cells.addSlice(this.large, z, sums);
    }
  }

  /**
   * Keeps maps of slice z [channels, h, w] if it is one of `keys`.
   * @param row where they lie along the first axis
   */
  keep(name: keyof Evidence['maps'], { dims, data }: Tensor, row: number, z: number): void {
    const k = this.keys.get(z);
    if (k === undefined) return;
    const [w, h, keys] = this.cells.dims;
    const length = dims[1] * w * h;
    if (this.maps[name].length === 0) this.maps[name] = new Float32Array(keys * length);
    this.maps[name].set(data.subarray(row * length, (row + 1) * length), k * length);
  }

  /** The channels of what was kept, [channels][K, h, w]. */
  kept(name: keyof Evidence['maps']): Float32Array[] {
    const [w, h, keys] = this.cells.dims;
    return this.cells.unstack(this.maps[name], this.maps[name].length / (keys * w * h));
  }

  /** Probabilities of each class of lesion in the cells, [classes - 1][K, h, w]. */
  lesions(): Float32Array[] {
    return this.sums.map(sums => this.cells.means(sums).map(v => v / this.parts));
  }
}
