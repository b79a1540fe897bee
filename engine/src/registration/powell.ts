/** Settings of a search. */
export interface PowellOptions {
  /** First step along every axis, in the unit of the parameters. */
  step: number;
  /** Precision of the minimum along a line, in the same unit. */
  tolerance: number;
  /** Largest number of iterations; each searches along all directions. */
  maxIterations: number;
  /** Awaited after each iteration; may throw to end the search. */
  onIteration?: () => Promise<void>;
}

export interface Minimum {
  at: number[];
  value: number;
}

/**
 * Minimizes a function of several variables without derivatives, direction by direction: Powell, An efficient
 * method for finding the minimum of a function of several variables without calculating derivatives (1964).
 * The overall direction of an iteration replaces that of the largest decrease as in Numerical Recipes.
 * @param start is not modified
 * @returns the lowest point visited; never above the start
 */
export async function powell(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  { step, tolerance, maxIterations, onIteration = async () => {} }: PowellOptions,
): Promise<Minimum> {
  const directions: number[][] = start.map((_, i) => start.map((_, j) => (i === j ? 1 : 0)));
  let best: Minimum = { at: [...start], value: f(start) };
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const before = best;
    let largest = { decrease: 0, direction: 0 };
    for (const [d, direction] of directions.entries()) {
      const next = lineSearch(f, best, direction, step, tolerance);
      const decrease = best.value - next.value;
      if (decrease > largest.decrease) largest = { decrease, direction: d };
      best = next;
    }
    await onIteration();
    const moved = best.at.map((v, i) => v - before.at[i]);
    const length = Math.hypot(...moved);
    if (length < tolerance) break;
    const { decrease } = largest;
    const beyond = f(best.at.map((v, i) => v + moved[i]));
    const curved =
      2 * (before.value - 2 * best.value + beyond) * (before.value - best.value - decrease) ** 2 <
      decrease * (before.value - beyond) ** 2;
    if (beyond < before.value && curved) {
      const overall = moved.map(v => v / length);
      best = lineSearch(f, best, overall, step, tolerance);
      directions.splice(largest.direction, 1);
      directions.push(overall);
    }
  }
  return best;
}

const GOLDEN_SECTION = (3 - Math.sqrt(5)) / 2;
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;
/** Largest number of steps to bracket a minimum. */
const MAX_BRACKET_STEPS = 12;

/** Minimum along a line: brackets it in growing downhill steps, then applies Brent's method. */
function lineSearch(
  f: (at: readonly number[]) => number,
  from: Minimum,
  direction: readonly number[],
  step: number,
  tolerance: number,
): Minimum {
  const pointAt = (t: number) => from.at.map((v, i) => v + t * direction[i]);
  let best = { t: 0, value: from.value };
  const visit = (t: number): number => {
    const value = f(pointAt(t));
    if (value < best.value) best = { t, value };
    return value;
  };
  let [low, middle, high] = [-step, 0, step];
  let [below, at, above] = [visit(low), from.value, visit(high)];
  for (let n = 0; n < MAX_BRACKET_STEPS && Math.min(below, above) < at; n++) {
    if (below < above) {
      [high, above, middle, at] = [middle, at, low, below];
      low = middle - GOLDEN_RATIO * (high - middle);
      below = visit(low);
    } else {
      [low, below, middle, at] = [middle, at, high, above];
      high = middle + GOLDEN_RATIO * (middle - low);
      above = visit(high);
    }
  }
  brent(visit, { low, middle, high }, at, tolerance);
  return { at: pointAt(best.t), value: best.value };
}

/** Brent's method (Algorithms for Minimization without Derivatives, 1973); `f` keeps the best position. */
function brent(
  f: (t: number) => number,
  { low, middle, high }: { low: number; middle: number; high: number },
  valueAtMiddle: number,
  tolerance: number,
): void {
  let [a, b] = [low, high];
  let [x, w, v] = [middle, middle, middle];
  let [fx, fw, fv] = [valueAtMiddle, valueAtMiddle, valueAtMiddle];
  let [move, previous] = [0, 0];
  for (let n = 0; n < 40 && Math.abs(x - (a + b) / 2) > 2 * tolerance - (b - a) / 2; n++) {
    const r = (x - w) * (fx - fv);
    const q = (x - v) * (fx - fw);
    const p = (x - v) * q - (x - w) * r;
    const s = 2 * (q - r);
    const parabola = s === 0 ? Number.NaN : -p / s;
    const usable =
      Math.abs(parabola) < Math.abs(previous / 2) &&
      x + parabola > a + tolerance &&
      x + parabola < b - tolerance;
    previous = usable ? move : x < (a + b) / 2 ? b - x : a - x;
    move = usable ? parabola : GOLDEN_SECTION * previous;
    const u = x + (Math.abs(move) >= tolerance ? move : Math.sign(move) * tolerance);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) a = u;
      else b = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
}
