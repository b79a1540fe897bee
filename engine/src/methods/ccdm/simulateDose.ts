import type { CcdmManifest } from './manifest';

type Simulation = CcdmManifest['simulation'];

/**
 * What a voxel with less of the agent shows: as `low_dose` of the training (models/training), without noise.
 * Where the full dose is brighter than T1 it never falls as the dose rises.
 * @param t1 intensity without agent, `full` that with the full dose
 * @param dose share of the full dose, [0, 1]
 * @returns the share of `full - t1` that is left: 0 at no dose, 1 at the full one
 */
export function shareAtDose(t1: number, full: number, dose: number, simulation: Simulation): number {
  const { rest, no_signal: zero, darkest, saturated } = simulation;
  const before = signalOf(1 / rest, simulation);
  const ratio = Math.max(1, (full - zero) / Math.max(t1 - zero, darkest));
  const after = Math.min(ratio * before, saturated);
  if (after - before <= 1e-3) return dose;
  const rate = 1 / rest + dose * (rateOf(after, simulation) - 1 / rest);
  return (signalOf(rate, simulation) - before) / (after - before);
}

/** Of a spoiled gradient echo, or a spin echo at 90 degrees, relative to complete relaxation; R1 in 1/s. */
function signalOf(rate: number, { repetition, flip }: Simulation): number {
  const relaxed = -Math.expm1(-repetition * rate);
  const cosine = cosineOf(flip);
  return relaxed / (1 - cosine + cosine * relaxed);
}

/** The inverse of `signalOf`. */
function rateOf(signal: number, { repetition, flip }: Simulation): number {
  const cosine = cosineOf(flip);
  const relaxed = (signal * (1 - cosine)) / (1 - cosine * signal);
  return -Math.log1p(-relaxed) / repetition;
}

function cosineOf(degrees: number): number {
  return degrees === 90 ? 0 : Math.cos((degrees * Math.PI) / 180);
}
