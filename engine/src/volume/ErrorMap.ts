import type { LesionProbabilities } from './LesionProbabilities';
import type { Mask } from './Mask';
import type { Volume } from './Volume';

/** What the per cent of an error map are of: the signal of white matter in that contrast, or its range. */
export type ErrorUnit = 'white-matter' | 'range';

/** In which part of a result something cannot be told. */
export interface IndeterminateRegion {
  /** On the result's grid. */
  mask: Mask;
  /** What cannot be told there: an English sentence of the bundle. */
  text: string;
}

/** How far a result may be off. Calibrated on average over patients: a low value is no proof. */
export interface ErrorMap {
  /**
   * Expected absolute error, % of `unit`, on the result's grid (LPS); 0 outside the synthesized region but
   * for the half voxel that interpolation blurs. In steps of 1/256 %: what is stored reads back the same.
   */
  volume: Volume;
  unit: ErrorUnit;
  region?: IndeterminateRegion;
  /** Of the session that made it: they are not stored. Any grid. */
  lesions?: LesionProbabilities;
}

/** Steps of an error map in 1 %. */
const STEPS = 256;

/** A fraction of the unit in per cent, as an error map tells it. */
export function percentOf(fraction: number): number {
  return Math.round(fraction * 100 * STEPS) / STEPS;
}
