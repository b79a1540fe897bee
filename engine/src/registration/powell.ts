/** How a search goes about. */
export interface PowellOptions {
  /** First step along every axis, in the parameters' unit. */
  step: number;
  /** A line is searched until the minimum is known to this, in the same unit. */
  tolerance: number;
  /** Rounds over all directions at most. */
  rounds: number;
  /** Awaited after each round; may throw to end the search. */
  pause?: () => Promise<void>;
}

export interface Minimum {
  at: number[];
  value: number;
}

/**
 * Minimizes a function of several variables without derivatives, direction by direction: Powell, An efficient method
 * for finding the minimum of a function of several variables without calculating derivatives (1964), with the rule of
 * Numerical Recipes for when the round's overall direction replaces the one of the largest fall.
 * @param start not changed
 * @returns the lowest point that was visited: never above the start
 */
export async function powell(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  { step, tolerance, rounds, pause = async () => {} }: PowellOptions,
): Promise<Minimum> {
  const directions: number[][] = start.map((_, i) => start.map((_, j) => (i === j ? 1 : 0)));
  let best: Minimum = { at: [...start], value: f(start) };
  for (let round = 0; round < rounds; round++) {
    const before = best;
    let largest = { fall: 0, direction: 0 };
    for (const [d, direction] of directions.entries()) {
      const next = alongLine(f, best, direction, step, tolerance);
      const fall = best.value - next.value;
      if (fall > largest.fall) largest = { fall, direction: d };
      best = next;
    }
    await pause();
    const moved = best.at.map((v, i) => v - before.at[i]);
    const length = Math.hypot(...moved);
    if (length < tolerance) break;
    const { fall } = largest;
    const beyond = f(best.at.map((v, i) => v + moved[i]));
    const curved =
      2 * (before.value - 2 * best.value + beyond) * (before.value - best.value - fall) ** 2 <
      fall * (before.value - beyond) ** 2;
    if (beyond < before.value && curved) {
      const overall = moved.map(v => v / length);
      best = alongLine(f, best, overall, step, tolerance);
      directions.splice(largest.direction, 1);
      directions.push(overall);
    }
  }
  return best;
}

const GOLDEN = (3 - Math.sqrt(5)) / 2;
const GROWTH = (1 + Math.sqrt(5)) / 2;
/** Steps by which a bracket may grow. */
const MOST_STEPS = 12;

/** The minimum along a line: walks downhill in growing steps until it rises again, then narrows the bracket. */
function alongLine(
  f: (at: readonly number[]) => number,
  from: Minimum,
  direction: readonly number[],
  step: number,
  tolerance: number,
): Minimum {
  const place = (t: number) => from.at.map((v, i) => v + t * direction[i]);
  let best = { t: 0, value: from.value };
  const visit = (t: number): number => {
    const value = f(place(t));
    if (value < best.value) best = { t, value };
    return value;
  };
  let [low, middle, high] = [-step, 0, step];
  let [below, at, above] = [visit(low), from.value, visit(high)];
  for (let n = 0; n < MOST_STEPS && Math.min(below, above) < at; n++) {
    if (below < above) {
      [high, above, middle, at] = [middle, at, low, below];
      low = middle - GROWTH * (high - middle);
      below = visit(low);
    } else {
      [low, below, middle, at] = [middle, at, high, above];
      high = middle + GROWTH * (middle - low);
      above = visit(high);
    }
  }
  narrow(visit, low, middle, high, at, tolerance);
  return { at: place(best.t), value: best.value };
}

/** Brent's minimization (Algorithms for Minimization without Derivatives, 1973): parabolas, and golden section where they fail. */
function narrow(
  f: (t: number) => number,
  low: number,
  middle: number,
  high: number,
  atMiddle: number,
  tolerance: number,
): void {
  let [a, b] = [low, high];
  let [x, w, v] = [middle, middle, middle];
  let [fx, fw, fv] = [atMiddle, atMiddle, atMiddle];
  let [move, last] = [0, 0];
  for (let n = 0; n < 40 && Math.abs(x - (a + b) / 2) > 2 * tolerance - (b - a) / 2; n++) {
    const r = (x - w) * (fx - fv);
    const q = (x - v) * (fx - fw);
    const p = (x - v) * q - (x - w) * r;
    const s = 2 * (q - r);
    const parabola = s === 0 ? Number.NaN : -p / s;
    const usable =
      Math.abs(parabola) < Math.abs(last / 2) && x + parabola > a + tolerance && x + parabola < b - tolerance;
    last = usable ? move : x < (a + b) / 2 ? b - x : a - x;
    move = usable ? parabola : GOLDEN * last;
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
