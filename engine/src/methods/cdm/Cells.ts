import type { Tensor } from '../../inference/Runtime';
import type { Mask } from '../../volume/Mask';
import type { Point3 } from '../../volume/Volume';

/** How voxels are grouped. */
export interface CellRule {
  /** Along k. */
  slices: number;
  /** Along i and j. */
  pixels: number;
  /** Least share of the region in a cell that counts. */
  least_share: number;
}

const SHARPENINGS = 2;
const NOTHING = 1e-3; // weight below which a voxel has no cell near it

/**
 * Cells of several voxels: means over the region in each, [K, h, w], and the way back to voxels. As
 * models/training/synthesis/methods/cdm/lowres.py.
 */
export class Cells {
  /** Along i, j, k. */
  readonly dims: Point3;
  /** [K, h, w], 1 where a cell has enough of the region. */
  readonly valid: Mask;
  /** Voxels of the region, [K, h, w]. */
  private readonly counts: Float32Array;

  /** @param size of the volume; columns and rows are multiples of `rule.pixels` */
  constructor(
    private readonly size: Point3,
    private readonly region: Mask,
    private readonly rule: CellRule,
  ) {
    const [width, height, depth] = size;
    const { slices, pixels, least_share } = rule;
    this.dims = [width / pixels, height / pixels, Math.ceil(depth / slices)];
    this.counts = this.blank();
    const one = new Float32Array(width * height).fill(1);
    const wanted: number[] = [];
    for (let k = 0; k < depth; k++) {
      this.addSlice(one, k, this.counts);
      if (region.subarray(k * one.length, (k + 1) * one.length).includes(1)) wanted.push(k);
    }
    // Of a thick reference the region lies on some slices only.
    const filled = wanted.length / (wanted[wanted.length - 1] - wanted[0] + 1);
    const full = slices * pixels * pixels * filled;
    this.valid = Uint8Array.from(this.counts, n => (n >= least_share * full && n > 0 ? 1 : 0));
  }

  /** Zeros, [K, h, w]. */
  blank(): Float32Array {
    return new Float32Array(this.dims[0] * this.dims[1] * this.dims[2]);
  }

  /** Adds the region's voxels of slice k [H, W] to the sums of its cells. */
  addSlice(values: Float32Array, k: number, sums: Float32Array): void {
    const [width, height] = this.size;
    const { slices, pixels } = this.rule;
    const [w, h] = this.dims;
    const first = k * width * height;
    for (let j = 0, at = 0; j < height; j++) {
      const row = (Math.floor(k / slices) * h + Math.floor(j / pixels)) * w;
      for (let i = 0; i < width; i++, at++) {
        if (this.region[first + at]) sums[row + Math.floor(i / pixels)] += values[at];
      }
    }
  }

  /** Sums [K, h, w] -> means over the region, 0 where a cell has too little of it. */
  means(sums: Float32Array): Float32Array {
    return sums.map((sum, n) => (this.valid[n] ? sum / this.counts[n] : 0));
  }

  /** Means of a volume [D, H, W] over the region in each cell. */
  meansOf(volume: Float32Array): Float32Array {
    const sums = this.blank();
    const plane = this.size[0] * this.size[1];
    for (let k = 0; k < this.size[2]; k++) {
      this.addSlice(volume.subarray(k * plane, (k + 1) * plane), k, sums);
    }
    return this.means(sums);
  }

  /**
   * Adds cells [K, h, w] to the region of a volume [D, H, W], trilinear between the middles of the valid
   * ones, with about the same means: interpolation flattens, so the cells are sharpened first.
   */
  addTo(volume: Float32Array, cells: Float32Array): void {
    const mask = Float32Array.from(this.valid);
    const weight = this.smooth(mask).map(v => Math.max(v, NOTHING));
    const given = cells.map((v, n) => v * mask[n]);
    let sharp = given;
    for (let n = 0; n < SHARPENINGS; n++) {
      const smoothed = this.smooth(sharp);
      sharp = sharp.map((v, c) => (v + given[c] - smoothed[c] / weight[c]) * mask[c]);
    }
    const [width, height, depth] = this.size;
    const { slices, pixels } = this.rule;
    const along = [between(width, pixels), between(height, pixels), between(depth, slices)] as const;
    for (let k = 0, at = 0; k < depth; k++) {
      for (let j = 0; j < height; j++) {
        for (let i = 0; i < width; i++, at++) {
          if (!this.region[at]) continue;
          const places = [along[0][i], along[1][j], along[2][k]] as const;
          const share = this.between(mask, places);
          if (share > NOTHING) volume[at] += this.between(sharp, places) / share;
        }
      }
    }
  }

  /** Maps [K, h, w] as channels of a network: [keys, channels, h, w], 0 in cells that are not valid. */
  stack(channels: readonly Float32Array[], keys: number): Tensor {
    const [w, h, depth] = this.dims;
    const plane = w * h;
    const data = new Float32Array(keys * channels.length * plane);
    for (let k = 0; k < depth; k++) {
      for (const [c, values] of channels.entries()) {
        const to = (k * channels.length + c) * plane;
        for (let n = 0, at = k * plane; n < plane; n++, at++) if (this.valid[at]) data[to + n] = values[at];
      }
    }
    return { dims: [keys, channels.length, h, w], data };
  }

  /** The channels [K, h, w] of a network's [keys, channels, h, w]. */
  unstack(data: Float32Array, channels: number): Float32Array[] {
    const [w, h, depth] = this.dims;
    const plane = w * h;
    return Array.from({ length: channels }, (_, c) => {
      const one = this.blank();
      for (let k = 0; k < depth; k++) {
        const from = (k * channels + c) * plane;
        one.set(data.subarray(from, from + plane), k * plane);
      }
      return one;
    });
  }

  /** Means over the cells of what lies trilinear between their values: 1/8, 3/4, 1/8 along every axis. */
  private smooth(cells: Float32Array): Float32Array {
    const [w, h] = this.dims;
    let out = cells;
    for (const [axis, step] of [1, w, w * h].entries()) {
      const length = this.dims[axis];
      const from = out;
      out = from.map((v, n) => {
        const place = Math.floor(n / step) % length;
        const before = place > 0 ? from[n - step] : 0;
        const after = place < length - 1 ? from[n + step] : 0;
        return 0.75 * v + 0.125 * (before + after);
      });
    }
    return out;
  }

  /** Trilinear at a place between cells; the outermost are repeated. */
  private between(cells: Float32Array, [x, y, z]: readonly [Place, Place, Place]): number {
    const [w, h, depth] = this.dims;
    const next = (place: Place, count: number) => Math.min(place.first + 1, count - 1);
    const row = (k: number, j: number) => {
      const start = (k * h + j) * w;
      return cells[start + x.first] * (1 - x.share) + cells[start + next(x, w)] * x.share;
    };
    const plane = (k: number) => row(k, y.first) * (1 - y.share) + row(k, next(y, h)) * y.share;
    return plane(z.first) * (1 - z.share) + plane(next(z, depth)) * z.share;
  }
}

/** The cell before a voxel, and the share of the one after it. */
interface Place {
  first: number;
  share: number;
}

/** Places of `count` voxels, each cell of `size`, as PyTorch counts them with `align_corners=False`. */
function between(count: number, size: number): Place[] {
  const last = Math.ceil(count / size) - 1;
  return Array.from({ length: count }, (_, n) => {
    const place = Math.max(0, (n + 0.5) / size - 0.5);
    const first = Math.min(last, Math.floor(place));
    return { first, share: place - first };
  });
}
