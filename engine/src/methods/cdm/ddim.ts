import { SynthesisError } from '../../errors';
import { message } from './en';
import type { CdmManifest } from './manifest';

type Scheduler = CdmManifest['scheduler'];

/** Timesteps of the sampler, descending, and the share of signal variance left at each. */
export type Schedule = Pick<Scheduler, 'timesteps' | 'alpha_bar'>;

/**
 * The sampler's steps: the bundle's own, or `steps` evenly spaced ones on the cosine schedule it was trained
 * with.
 * @throws SynthesisError `plan-invalid` when there are not that many
 */
export function schedule(scheduler: Scheduler, steps = scheduler.timesteps.length): Schedule {
  const { diffusion_steps: total, timesteps } = scheduler;
  if (steps === timesteps.length) return scheduler;
  if (!Number.isInteger(steps) || steps < 1 || steps > total) {
    throw new SynthesisError('plan-invalid', message('cdm/steps-out-of-range', { most: total, steps }));
  }
  const spaced = Array.from({ length: steps }, (_, i) => total - 1 - Math.floor((i * total) / steps));
  const alphaBar = cosineAlphaBar(total);
  return { timesteps: spaced, alpha_bar: spaced.map(t => alphaBar[t]) };
}

/**
 * Cosine schedule (Nichol and Dhariwal 2021, offset 0.008): the share of signal variance left after each
 * step.
 */
function cosineAlphaBar(total: number): Float64Array {
  const f = (t: number) => Math.cos(((t / total + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
  const out = new Float64Array(total);
  for (let t = 0, left = 1; t < total; t++) {
    left *= Math.min(1, Math.max(0.001, f(t + 1) / f(t)));
    out[t] = left;
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
