import type { Indeterminate } from '../bundle/fields';
import { type Mask, threshold } from '../volume/Mask';
import type { Volume } from '../volume/Volume';
import { enlarge } from './slabs';

/** Probability from which on a voxel counts as lesion. */
const LIKELY = 0.5;

/** Volumes of the probabilities of lesions, 0 outside the region: the mean of the members. */
export class Lesions {
  /** Of any lesion. */
  readonly any: Float32Array;
  /** Of an enhancing one; only if it is one of the classes. */
  readonly enhancing: Float32Array | undefined;
  private readonly channel: number;
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
    this.channel = classes.indexOf('enhancing');
    this.any = new Float32Array(region.length);
    if (this.channel > 0) this.enhancing = new Float32Array(region.length);
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
    const healthy = this.enlarged(found, s, 0);
    for (let i = 0, at = z * plane; i < plane; i++, at++) {
      if (this.region[at]) this.any[at] += (1 - healthy[i]) / this.members;
    }
    if (!this.enhancing) return;
    const enhancing = this.enlarged(found, s, this.channel);
    for (let i = 0, at = z * plane; i < plane; i++, at++) {
      if (this.region[at]) this.enhancing[at] += enhancing[i] / this.members;
    }
  }

  /** Where a lesion is likely. */
  likely(): Mask {
    return threshold(this.any, LIKELY);
  }

  /**
   * What an evaluation asks of an uncertainty, and where something cannot be told.
   * @param grid whose voxels these are
   * @param rule of the bundle for a target
   */
  told(grid: Volume, rule?: Indeterminate) {
    const volume = (data: Float32Array) => ({ ...grid, data });
    const { any, enhancing } = this;
    return {
      more: { lesion: volume(any), ...(enhancing && { enhancing: volume(enhancing) }) },
      indeterminate: rule && { mask: threshold(any, rule.above), text: rule.text },
    };
  }

  /** One channel of a slice at full resolution; overwritten by the next. */
  private enlarged(found: Float32Array, s: number, channel: number): Float32Array {
    const length = this.large.length / 4;
    const from = (s * this.classes.length + channel) * length;
    enlarge(found.subarray(from, from + length), this.width, this.height, this.large);
    return this.large;
  }
}
