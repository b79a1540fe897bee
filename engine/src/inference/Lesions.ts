import type { Indeterminate } from '../bundle/fields';
import { eachLesion, type LesionProbabilities } from '../volume/LesionProbabilities';
import { type Mask, threshold } from '../volume/Mask';
import type { Grid } from '../volume/Volume';
import { enlarge } from './slabs';

/** The class of `lesions` in a bundle that takes up a contrast agent. */
const ENHANCING = 'enhancing';

/** The probabilities of lesions in each voxel, 0 outside the region: the mean of the members. */
export class Lesions {
  private readonly any: Float32Array;
  /** Undefined where the networks do not tell it. */
  private readonly enhancing: Float32Array | undefined;
  private readonly large: Float32Array;

  /**
   * @param classes channels of the networks' output; the first is no lesion
   * @param region inside which voxels count, on that grid
   * @param members how often each slice is added
   */
  constructor(
    private readonly classes: readonly string[],
    private readonly region: Mask,
    private readonly grid: Grid,
    private readonly members: number,
  ) {
    this.any = new Float32Array(region.length);
    this.enhancing = classes.includes(ENHANCING) ? new Float32Array(region.length) : undefined;
    this.large = new Float32Array(grid.dims[0] * grid.dims[1]);
  }

  /**
   * Adds one slice of one member.
   * @param found [slab, classes, H / 2, W / 2]
   * @param s its place in the slab
   * @param z its place in the volume
   */
  add(found: Float32Array, s: number, z: number): void {
    this.addClass(found, s, 0, z, this.any, healthy => 1 - healthy);
    if (this.enhancing) this.addClass(found, s, this.classes.indexOf(ENHANCING), z, this.enhancing, p => p);
  }

  private addClass(
    found: Float32Array,
    s: number,
    channel: number,
    z: number,
    sum: Float32Array,
    share: (probability: number) => number,
  ): void {
    const [width, height] = this.grid.dims;
    const plane = width * height;
    const from = ((s * this.classes.length + channel) * plane) / 4;
    enlarge(found.subarray(from, from + plane / 4), width, height, this.large);
    for (let i = 0, at = z * plane; i < plane; i++, at++) {
      if (this.region[at]) sum[at] += share(this.large[i]) / this.members;
    }
  }

  probabilities(): LesionProbabilities {
    const { dims, indexToWorld } = this.grid;
    const volume = (data: Float32Array) => ({ dims, indexToWorld, data });
    return eachLesion({ any: this.any, enhancing: this.enhancing }, volume);
  }

  /**
   * Where something cannot be told.
   * @param rule of the bundle for a target
   */
  indeterminate(rule?: Indeterminate): { mask: Mask; text: string } | undefined {
    return rule && { mask: threshold(this.any, rule.above), text: rule.text };
  }
}
