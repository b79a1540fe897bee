import { piecewiseLinear } from '../../volume/interpolate';

/** A monotone curve of straight pieces: predicted values, ascending, and what becomes of each. */
export interface Curve {
  from: number[];
  to: number[];
}

/**
 * Calibrates an intensity; beyond the curve's ends it is the value of the end. Networks that learn from few
 * patients pull what is brightest and darkest towards the middle; the curve stretches it back to the
 * intensities of a typical patient.
 * @param value normalized
 * @returns normalized
 */
export function calibrated(value: number, { from, to }: Curve): number {
  return piecewiseLinear(value, from, to);
}
