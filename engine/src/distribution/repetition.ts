import type { Samples } from './Samples';

/** Every so many of the slices are looked at. */
const STEP = 3;
/** Depth from which gradients lie inside the region, away from its edge, pixels. */
const INSIDE = 5;
/** Distances at which a copy would show, pixels: anatomy repeats itself at shorter ones. */
const FIRST = 12;
const LAST = 72;
const LAGS = Array.from({ length: LAST - FIRST + 1 }, (_, n) => FIRST + n);
/** Distances with fewer pairs of pixels than this share of the pixels are passed over. */
const PAIRS = 0.15;

/**
 * How much an image repeats itself along one axis of the plane, as it does with ghosts of motion along the
 * phase encoding: the largest autocorrelation of its gradient, without the sign, 0 to about 1.
 * @param data normalized, laid out like the grid of the samples
 * @param axis 0: along rows, 1: along columns
 */
export function repetition(data: Float32Array, { size, slices }: Samples, axis: 0 | 1): number {
  const step = axis === 0 ? 1 : size[0];
  const products = new Float64Array(LAST + 1);
  const pairs = new Float64Array(LAST + 1);
  // Each line along the axis is followed by zeros, so that no pair of pixels leaves it.
  const length = size[axis] + LAST;
  const gradient = new Float32Array(length * size[1 - axis]);
  const inside = new Uint8Array(gradient.length);
  for (const { start, depth } of slices.filter((_, n) => n % STEP === 0)) {
    gradient.fill(0);
    inside.fill(0);
    const places: number[] = [];
    for (let n = 0; n < depth.length; n++) {
      if (depth[n] < INSIDE) continue;
      const [i, j] = [n % size[0], Math.floor(n / size[0])];
      const place = axis === 0 ? i + length * j : j + length * i;
      gradient[place] = data[start + n + step] - data[start + n - step];
      inside[place] = 1;
      places.push(place);
    }
    for (const lag of [0, ...LAGS]) {
      let [product, pair] = [0, 0];
      for (const place of places) {
        product += gradient[place] * gradient[place + lag];
        pair += inside[place + lag];
      }
      products[lag] += product;
      pairs[lag] += pair;
    }
  }
  if (products[0] === 0) return 0;
  const correlations = LAGS.filter(lag => pairs[lag] >= PAIRS * pairs[0]).map(
    lag => (products[lag] * pairs[0]) / pairs[lag] / products[0],
  );
  return Math.max(0, ...correlations.map(Math.abs));
}
