import type { BundleManifest } from '../bundle/manifest';

type Scheduler = BundleManifest['scheduler'];

/**
 * Sinusoidal embedding of a timestep (Vaswani et al. 2017 as in DDPM): cosines, then sines.
 * @returns `size` values in [-1, 1]
 */
export function timestepEmbedding(
  timestep: number,
  { size, max_period }: Scheduler['embedding'],
): Float32Array {
  const half = size / 2;
  const out = new Float32Array(size);
  for (let i = 0; i < half; i++) {
    const angle = timestep * Math.exp((-Math.log(max_period) * i) / half);
    out[i] = Math.cos(angle);
    out[half + i] = Math.sin(angle);
  }
  return out;
}

/**
 * Deterministic DDIM step (Song et al. 2021, eta 0) for a network that predicts y_0, in place on `noisy`:
 * y_s = sqrt(abar_s) y_0 + sqrt(1 - abar_s) eps, eps = (y_t - sqrt(abar_t) y_0) / sqrt(1 - abar_t).
 * @param alphaBarNext undefined after the last timestep: the result is y_0 itself
 */
export function ddimStep(
  noisy: Float32Array,
  clean: Float32Array,
  alphaBar: number,
  alphaBarNext?: number,
): void {
  if (alphaBarNext === undefined) {
    noisy.set(clean);
    return;
  }
  const signal = Math.sqrt(alphaBar);
  const noise = Math.sqrt(1 - alphaBar);
  const nextSignal = Math.sqrt(alphaBarNext);
  const nextNoise = Math.sqrt(1 - alphaBarNext);
  for (let i = 0; i < noisy.length; i++) {
    noisy[i] = nextSignal * clean[i] + (nextNoise * (noisy[i] - signal * clean[i])) / noise;
  }
}
