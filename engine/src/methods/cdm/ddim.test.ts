import { describe, expect, it } from 'vitest';
import { tinyManifest } from '../../testing/tinyManifest';
import { ddimStep, schedule } from './ddim';

describe('schedule', () => {
  const { scheduler } = tinyManifest();

  it("is the bundle's own unless other steps are asked for", () => {
    expect(schedule(scheduler)).toMatchObject({ timesteps: [999, 499], alpha_bar: [0.001, 0.5] });
    expect(schedule(scheduler, 2)).toMatchObject({ timesteps: [999, 499], alpha_bar: [0.001, 0.5] });
  });

  it('spaces other steps evenly on the cosine schedule of the training code', () => {
    const { timesteps, alpha_bar } = schedule(scheduler, 4);
    expect(timesteps).toEqual([999, 749, 499, 249]);
    // What methods/cdm/earlier/diffusion.py of models/training says of 1000 steps.
    const expected = [2.4287669070348546e-9, 0.14427210238573596, 0.4938435904406382, 0.847012161326905];
    for (const [i, v] of expected.entries()) expect(Math.abs(alpha_bar[i] / v - 1)).toBeLessThan(1e-9);
    expect(schedule(scheduler, 3).timesteps).toEqual([999, 666, 333]);
  });

  it.each([0, 1001, 1.5])('refuses %d steps', steps => {
    expect(() => schedule(scheduler, steps)).toThrow(`cdm/steps-out-of-range(1000, ${steps})`);
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
