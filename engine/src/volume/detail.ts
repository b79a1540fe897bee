import type { Volume } from './Volume';

/** Standard deviations of the two Gaussians, pixels. */
const NARROW = 0.5;
const WIDE = 1;
/** Where a Gaussian is cut, standard deviations. */
const REACH = 4;

/**
 * Amplifies the fine detail of each slice: v + gain (narrow - wide), both Gaussian blurs of the region alone.
 * A mean of what is possible has less detail than any image; a fixed filter gives back contrast, but no
 * information. A checkerboard of single pixels, a network's artefact, is amplified less than other detail.
 * As models/training's `common/detail.py`.
 * @param volume intensities, 0 outside the region
 * @param region 1 inside
 * @returns intensities, not clipped, 0 outside the region
 */
export function amplifyDetail({ data, dims }: Volume, region: Uint8Array, gain: number): Float32Array {
  const plane = dims[0] * dims[1];
  const out = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += plane) {
    const mask = region.subarray(from, from + plane);
    if (!mask.includes(1)) continue;
    const slice = data.subarray(from, from + plane);
    const [narrow, wide] = [NARROW, WIDE].map(sigma => blurredWithin(slice, mask, dims[0], sigma));
    for (let i = 0; i < plane; i++) {
      if (mask[i]) out[from + i] = slice[i] + gain * (narrow[i] - wide[i]);
    }
  }
  return out;
}

/** Weighted means over the pixels of the mask. */
function blurredWithin(slice: Float32Array, mask: Uint8Array, columns: number, sigma: number): Float32Array {
  const inside = Float32Array.from(mask);
  const values = slice.map((v, i) => v * inside[i]);
  const [sum, weight] = [values, inside].map(image => blurred(image, columns, sigma));
  return sum.map((v, i) => (mask[i] ? v / weight[i] : 0));
}

/** 0 beyond the edges. */
function blurred(image: Float32Array, columns: number, sigma: number): Float32Array {
  const reach = Math.round(REACH * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, n) =>
    Math.exp(-0.5 * ((n - reach) / sigma) ** 2),
  );
  const total = weights.reduce((sum, w) => sum + w);
  const along = (source: Float32Array, step: number, place: (i: number) => number, length: number) =>
    source.map((_, i) => {
      const at = place(i);
      let sum = 0;
      for (let n = Math.max(-reach, -at); n <= Math.min(reach, length - 1 - at); n++) {
        sum += weights[n + reach] * source[i + n * step];
      }
      return sum / total;
    });
  const rows = image.length / columns;
  const once = along(image, 1, i => i % columns, columns);
  return along(once, columns, i => Math.floor(i / columns), rows);
}
