import type { Features } from './InputFeatures';
import type { Samples } from './Samples';

/** Bins of the histograms, of 1/200 each. */
const BINS = 320;
const BIN = 1 / 200;
/** Added to a relative noise before its logarithm; less is not told apart from none. */
const NO_NOISE = 0.003;
/** Voxels this deep in the region and deeper count as its core, those in front of RIM as its rim, pixels. */
const CORE = 20;
const RIM = 5;

/**
 * Features of one source on the model grid; those that need a unit of intensity are relative to the
 * interquartile range.
 * @param data normalized, laid out like the grid of the samples
 */
export function sourceFeatures(data: Float32Array, { size: [columns, rows], slices }: Samples): Features {
  const grey = new Histogram();
  const laplacian = new Histogram();
  // Of one and of two pixels along i and j.
  const differences = { i1: 0, i2: 0, j1: 0, j2: 0, n: 0 };
  const parts = { left: mean(), right: mean(), front: mean(), back: mean(), low: mean(), high: mean() };
  const layers = { rim: mean(), middle: mean(), core: mean() };
  let [floor, ceiling] = [0, 0];
  for (const { start, height, depth } of slices) {
    for (let j = 0, n = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++, n++) {
        const deep = depth[n];
        if (deep === 0) continue;
        const at = start + n;
        const value = data[at];
        grey.add(value);
        if (value <= 0) floor++;
        if (value >= 1) ceiling++;
        add(deep < RIM ? layers.rim : deep < CORE ? layers.middle : layers.core, value);
        if (deep < RIM) continue;
        add(i < columns / 2 ? parts.right : parts.left, value);
        add(j < rows / 2 ? parts.front : parts.back, value);
        add(height < 0.5 ? parts.low : parts.high, value);
        differences.n++;
        differences.i1 += Math.abs(data[at + 1] - value);
        differences.i2 += Math.abs(data[at + 2] - value);
        differences.j1 += Math.abs(data[at + columns] - value);
        differences.j2 += Math.abs(data[at + 2 * columns] - value);
        // Immerkaer's estimate of noise (CVIU 1996): blind to everything linear.
        const near = data[at - 1] + data[at + 1] + data[at - columns] + data[at + columns];
        const far =
          data[at - columns - 1] + data[at - columns + 1] + data[at + columns - 1] + data[at + columns + 1];
        laplacian.add(Math.abs(4 * value - 2 * near + far) / 6);
      }
    }
  }
  const [q05, q25, q50, q75, q95] = [0.05, 0.25, 0.5, 0.75, 0.95].map(q => grey.quantile(q));
  const unit = Math.max(q75 - q25, BIN);
  const { i1, i2, j1, j2, n } = differences;
  // A ratio: shading widens the interquartile range as well.
  const ratio = (a: Mean, b: Mean) => Math.log2((meanOf(a, q50) + BIN) / (meanOf(b, q50) + BIN));
  const layer = (of: Mean) => (meanOf(of, q50) - q50) / unit;
  return {
    q05,
    q25,
    q50,
    q75,
    q95,
    floor: floor / Math.max(1, grey.count),
    ceiling: ceiling / Math.max(1, grey.count),
    noise: Math.log10(laplacian.quantile(0.5) / unit + NO_NOISE),
    edges: Math.log10((i1 + j1) / Math.max(1, n) / unit + NO_NOISE),
    sharpness_i: i2 > 0 ? i1 / i2 : 0,
    sharpness_j: j2 > 0 ? j1 / j2 : 0,
    shading_i: ratio(parts.left, parts.right),
    shading_j: ratio(parts.back, parts.front),
    shading_k: ratio(parts.high, parts.low),
    rim: layer(layers.rim),
    middle: layer(layers.middle),
    core: layer(layers.core),
  };
}

/** Values from 0 on, in bins; larger ones are in the last. */
class Histogram {
  private readonly bins = new Uint32Array(BINS);
  count = 0;

  add(value: number): void {
    this.bins[Math.min(BINS - 1, Math.floor(value / BIN))]++;
    this.count++;
  }

  /** Linear inside a bin; 0 without values. */
  quantile(share: number): number {
    const wanted = share * this.count;
    let below = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const inside = this.bins[bin];
      if (inside > 0 && below + inside >= wanted) return (bin + (wanted - below) / inside) * BIN;
      below += inside;
    }
    return 0;
  }
}

interface Mean {
  sum: number;
  count: number;
}

const mean = (): Mean => ({ sum: 0, count: 0 });

function add(to: Mean, value: number): void {
  to.sum += value;
  to.count++;
}

function meanOf({ sum, count }: Mean, otherwise: number): number {
  return count > 0 ? sum / count : otherwise;
}
