import type { Samples } from './Samples';

/** Every so many of the slices are looked at. */
const STEP = 3;
/** Depth from which gradients lie inside the region, away from its edge, pixels. */
const INSIDE = 5;
/** Distances at which a copy would show, pixels: anatomy repeats itself at shorter ones. */
const FIRST = 12;
const LAST = 72;
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
  const pairs = new Uint32Array(LAST + 1);
  for (const { start, depth } of slices.filter((_, n) => n % STEP === 0)) {
    const gradient = Float32Array.from(depth, (deep, n) =>
      deep < INSIDE ? 0 : data[start + n + step] - data[start + n - step],
    );
    for (let n = 0; n < depth.length; n++) {
      if (depth[n] < INSIDE) continue;
      const along = axis === 0 ? n % size[0] : Math.floor(n / size[0]);
      const last = Math.min(LAST, size[axis] - 1 - along);
      products[0] += gradient[n] ** 2;
      pairs[0]++;
      for (let lag = FIRST; lag <= last; lag++) {
        const other = n + lag * step;
        if (depth[other] < INSIDE) continue;
        products[lag] += gradient[n] * gradient[other];
        pairs[lag]++;
      }
    }
  }
  let largest = 0;
  for (let lag = FIRST; lag <= LAST; lag++) {
    if (products[0] === 0 || pairs[lag] < PAIRS * pairs[0]) continue;
    const correlation = products[lag] / pairs[lag] / (products[0] / pairs[0]);
    largest = Math.max(largest, Math.abs(correlation));
  }
  return largest;
}
