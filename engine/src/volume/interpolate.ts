/**
 * Value at `x` of the straight pieces between (knots, values); beyond the ends the value of the end.
 * @param knots ascending, at least two
 * @param values one a knot
 */
export function interpolate(x: number, knots: readonly number[], values: readonly number[]): number {
  let k = 1;
  while (k < knots.length - 1 && x > knots[k]) k++;
  const share = (x - knots[k - 1]) / (knots[k] - knots[k - 1]);
  return values[k - 1] + Math.min(1, Math.max(0, share)) * (values[k] - values[k - 1]);
}
