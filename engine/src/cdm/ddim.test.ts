import { describe, expect, it } from 'vitest';
import { ddimStep, timestepEmbedding } from './ddim';

describe('timestepEmbedding', () => {
  it('is cosines, then sines, over falling frequencies', () => {
    const out = timestepEmbedding(3, { size: 4, max_period: 100 });
    // Frequencies 1 and 100^(-1/2) = 0.1.
    const expected = [Math.cos(3), Math.cos(0.3), Math.sin(3), Math.sin(0.3)];
    for (const [i, v] of expected.entries()) expect(out[i]).toBeCloseTo(v, 6);
  });

  it('starts from ones and zeros', () => {
    expect([...timestepEmbedding(0, { size: 6, max_period: 10000 })]).toEqual([1, 1, 1, 0, 0, 0]);
  });
});

describe('ddimStep', () => {
  const clean = new Float32Array([0.5, -1, 2]);
  const eps = new Float32Array([1.5, 0.25, -0.75]);
  const noisyAt = (abar: number) =>
    Float32Array.from(clean, (y, i) => Math.sqrt(abar) * y + Math.sqrt(1 - abar) * eps[i]);

  it('moves along the same noise when the prediction is right', () => {
    const noisy = noisyAt(0.1);
    ddimStep(noisy, clean, 0.1, 0.6);
    for (const [i, v] of noisyAt(0.6).entries()) expect(noisy[i]).toBeCloseTo(v, 5);
  });

  it('reaches the clean values in any number of steps', () => {
    const noisy = noisyAt(0.01);
    const alphaBars = [0.01, 0.2, 0.5, 0.9];
    for (const [n, abar] of alphaBars.entries()) ddimStep(noisy, clean, abar, alphaBars[n + 1]);
    expect([...noisy]).toEqual([...clean]);
  });

  it('leaves the prediction untouched', () => {
    const prediction = clean.slice();
    ddimStep(noisyAt(0.1), prediction, 0.1, 0.6);
    expect(prediction).toEqual(clean);
  });
});
