import { describe, expect, it } from 'vitest';
import { mulberry32 } from './mulberry32';
import { correlate, sample } from './sampler';
import { standardNormal } from './standardNormal';

/** Eight steps of the cosine schedule, as `sampler_timesteps` of models/training has them. */
const alpha_bar = [999, 823, 656, 498, 352, 219, 105, 30].map(t =>
  Math.max(Math.cos(((t / 1000 + 0.008) / 1.008) * (Math.PI / 2)) ** 2, 1e-9),
);
const N = 20_000;

describe('sample', () => {
  it('makes a Gaussian of its spread, to a few per cent, from the best prediction of it', async () => {
    const spread = 0.7;
    /** E[x_0 | x_t] of x_0 ~ N(0, spread^2). */
    const denoise = async (noisy: Float32Array, n: number) => {
      const a = alpha_bar[n];
      const gain = (Math.sqrt(a) * spread ** 2) / (a * spread ** 2 + 1 - a);
      return noisy.map(v => gain * v);
    };
    const made = await sample(standardNormal(mulberry32(1), N), { alpha_bar }, denoise);
    const deviation = Math.sqrt(made.reduce((sum, v) => sum + v * v, 0) / N);
    expect(Math.abs(deviation / spread - 1)).toBeLessThan(0.05);
  });
});

describe('correlate', () => {
  it('keeps the variance and correlates neighbours', () => {
    const noise = correlate(standardNormal(mulberry32(2), 3 * N), 3, 0.8);
    const product = (k: number, l: number) => {
      let sum = 0;
      for (let i = 0; i < N; i++) sum += noise[k * N + i] * noise[l * N + i];
      return sum / N;
    };
    expect(product(2, 2)).toBeCloseTo(1, 1);
    expect(product(0, 1)).toBeCloseTo(0.8, 1);
    expect(product(0, 2)).toBeCloseTo(0.64, 1);
  });
});
