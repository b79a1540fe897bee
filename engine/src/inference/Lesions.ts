import type { Indeterminate } from '../bundle/fields';
import { type Mask, threshold } from '../volume/Mask';
import { enlarge } from './slabs';

/** Probability from which on a voxel counts as lesion. */
const LIKELY = 0.5;

/** The probability of any lesion in each voxel, 0 outside the region: the mean of the members. */
export class Lesions {
  private readonly any: Float32Array;
  private readonly large: Float32Array;

  /**
   * @param classes channels of the networks' output; the first is no lesion
   * @param region inside which voxels count
   * @param members how often each slice is added
   */
  constructor(
    private readonly classes: readonly string[],
    private readonly region: Mask,
    private readonly width: number,
    private readonly height: number,
    private readonly members: number,
  ) {
    this.any = new Float32Array(region.length);
    this.large = new Float32Array(width * height);
  }

  /**
   * Adds one slice of one member.
   * @param found [slab, classes, H / 2, W / 2]
   * @param s its place in the slab
   * @param z its place in the volume
   */
  add(found: Float32Array, s: number, z: number): void {
    const plane = this.large.length;
    const healthy = this.large;
    const from = (s * this.classes.length * plane) / 4;
    enlarge(found.subarray(from, from + plane / 4), this.width, this.height, healthy);
    for (let i = 0, at = z * plane; i < plane; i++, at++) {
      if (this.region[at]) this.any[at] += (1 - healthy[i]) / this.members;
    }
  }

  /** Where a lesion is likely. */
  likely(): Mask {
    return threshold(this.any, LIKELY);
  }

  /**
   * Where something cannot be told.
   * @param rule of the bundle for a target
   */
  indeterminate(rule?: Indeterminate): { mask: Mask; text: string } | undefined {
    return rule && { mask: threshold(this.any, rule.above), text: rule.text };
  }
}
