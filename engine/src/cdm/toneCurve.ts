import { piecewiseLinear } from '../volume/interpolate';

/** A rising curve of straight pieces: the values of the networks, ascending, and what becomes of each. */
export interface ToneCurve {
  from: number[];
  to: number[];
}

/**
 * Where a value comes to lie on the curve; beyond its ends the value of the end. Networks that learn from few patients pull what is brightest and
 * darkest towards the middle; the curve stretches it back to the tones of a typical brain.
 * @param value normalized
 * @returns normalized
 */
export function toned(value: number, { from, to }: ToneCurve): number {
  return piecewiseLinear(value, from, to);
}
