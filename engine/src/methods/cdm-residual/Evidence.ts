import type { Tensor } from '../../inference/Runtime';
import type { Point3 } from '../../volume/Volume';
import type { Cells } from './Cells';
import { enlarge } from './slabs';

/** Output of the first C-UNet that only the diffusion needs, gathered slice by slice. */
export class Evidence {
  /** By key slice the slice that stands for it: its middle one, or the nearest one that was made. */
  readonly slices: number[];
  /** [K, channels, h, w], 0 where no slice was made. */
  features = new Float32Array();
  private readonly middles: readonly number[];
  private readonly distances: number[];
  private readonly sums: Float32Array[];
  private readonly large: Float32Array;

  /**
   * @param thickness slices of a cell
   * @param classes of lesions, the first of them none
   */
  constructor(
    private readonly cells: Cells,
    private readonly size: Point3,
    private readonly thickness: number,
    private readonly classes: number,
  ) {
    const [width, height, depth] = size;
    const keys = cells.dims[2];
    this.middles = Array.from({ length: keys }, (_, k) =>
      Math.min(k * thickness + Math.floor(thickness / 2), depth - 1),
    );
    this.slices = [...this.middles];
    this.distances = Array(keys).fill(Number.POSITIVE_INFINITY);
    this.sums = Array.from({ length: classes - 1 }, () => cells.blank());
    this.large = new Float32Array(width * height);
  }

  /**
   * Adds one slice of one member.
   * @param s its place in the slab
   * @param z its place in the volume
   */
  add({ lesion, features }: Readonly<Record<string, Tensor>>, s: number, z: number): void {
    const [width, height] = this.size;
    const plane = this.large.length / 4;
    for (const [n, sums] of this.sums.entries()) {
      const from = (s * this.classes + n + 1) * plane;
      enlarge(lesion.data.subarray(from, from + plane), width, height, this.large);
      this.cells.addSlice(this.large, z, sums);
    }
    if (features) this.keep(features, s, z);
  }

  /** Probabilities of each class of lesion in the cells, [classes - 1][K, h, w]. */
  lesions(members: number): Float32Array[] {
    return this.sums.map(sums => this.cells.means(sums).map(v => v / members));
  }

  private keep({ dims, data }: Tensor, s: number, z: number): void {
    const [w, h, keys] = this.cells.dims;
    const k = Math.floor(z / this.thickness);
    const distance = Math.abs(z - this.middles[k]);
    if (distance >= this.distances[k]) return;
    this.distances[k] = distance;
    this.slices[k] = z;
    const length = dims[1] * w * h;
    if (this.features.length === 0) this.features = new Float32Array(keys * length);
    this.features.set(data.subarray(s * length, (s + 1) * length), k * length);
  }
}
