import type { Features } from './InputFeatures';
import { add, type Mean, mean, meanOf } from './Mean';
import { repetition } from './repetition';
import type { Samples } from './Samples';

/** Bins of the histograms, and the width of those for values. */
const BINS = 320;
const BIN = 1 / 200;
/** Width of the bins for the decimal logarithms of second differences, and the smallest of these. */
const LOG_BIN = 1 / 50;
const SMALLEST = -5;
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
export function sourceFeatures(data: Float32Array, samples: Samples): Features {
  const {
    size: [columns, rows],
    slices,
  } = samples;
  const grey = new Histogram(BIN);
  const laplacian = new Histogram(BIN);
  // The logarithms of second differences over one pixel and over two, above SMALLEST.
  const fine = new Histogram(LOG_BIN);
  const coarse = new Histogram(LOG_BIN);
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
        const difference = secondDifference(data, at, 1, columns);
        laplacian.add(difference);
        fine.add(logarithm(difference));
        coarse.add(logarithm(secondDifference(data, at, 2, 2 * columns)));
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
    // Rises with noise, falls with blur, whatever the contrast.
    grain: fine.quantile(0.5) - coarse.quantile(0.5),
    edges: Math.log10((i1 + j1) / Math.max(1, n) / unit + NO_NOISE),
    sharpness_i: i2 > 0 ? i1 / i2 : 0,
    sharpness_j: j2 > 0 ? j1 / j2 : 0,
    repetition_i: repetition(data, samples, 0),
    repetition_j: repetition(data, samples, 1),
    shading_i: ratio(parts.left, parts.right),
    shading_j: ratio(parts.back, parts.front),
    shading_k: ratio(parts.high, parts.low),
    rim: layer(layers.rim),
    middle: layer(layers.middle),
    core: layer(layers.core),
  };
}

/** Immerkaer's estimate of noise at one pixel (CVIU 1996): blind to everything linear. */
function secondDifference(data: Float32Array, at: number, i: number, j: number): number {
  const near = data[at - i] + data[at + i] + data[at - j] + data[at + j];
  const far = data[at - j - i] + data[at - j + i] + data[at + j - i] + data[at + j + i];
  return Math.abs(4 * data[at] - 2 * near + far) / 6;
}

function logarithm(difference: number): number {
  return Math.log10(difference + 10 ** SMALLEST) - SMALLEST;
}

/** Values from 0 on, in bins; larger ones are in the last. */
class Histogram {
  private readonly bins = new Uint32Array(BINS);
  count = 0;

  constructor(private readonly width: number) {}

  add(value: number): void {
    this.bins[Math.min(BINS - 1, Math.floor(value / this.width))]++;
    this.count++;
  }

  /** Linear inside a bin; 0 without values. */
  quantile(share: number): number {
    const wanted = share * this.count;
    let below = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const inside = this.bins[bin];
      if (inside > 0 && below + inside >= wanted) return (bin + (wanted - below) / inside) * this.width;
      below += inside;
    }
    return 0;
  }
}
