import { describe, expect, it, vi } from 'vitest';
import { powell } from './powell';

const options = { step: 1, tolerance: 1e-3, maxIterations: 60 };

describe('powell', () => {
  it('finds the bottom of a turned bowl', async () => {
    const f = ([x, y, z]: readonly number[]) => (x + y - 3) ** 2 + 4 * (x - y) ** 2 + (z - 2 * x + 7) ** 2;
    const { at, value } = await powell(f, [20, -30, 5], options);
    for (const [i, v] of [1.5, 1.5, -4].entries()) expect(at[i]).toBeCloseTo(v, 1);
    expect(value).toBeLessThan(1e-4);
    expect(value).toBe(f(at));
  });

  it("finds the bottom of Rosenbrock's valley", async () => {
    const f = ([x, y]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    const { at } = await powell(f, [-1.2, 1], { ...options, tolerance: 1e-4, maxIterations: 200 });
    expect(at[0]).toBeCloseTo(1, 1);
    expect(at[1]).toBeCloseTo(1, 1);
  });

  it('never ends above its start, on a plain or in a hole, and leaves the start alone', async () => {
    const start = [4, 4];
    for (const f of [
      () => 7,
      ([x, y]: readonly number[]) => Math.hypot(x - 4, y - 4),
      ([x, y]: readonly number[]) => Math.sin(9 * x) + Math.cos(7 * y),
    ]) {
      const { value } = await powell(f, start, options);
      expect(value).toBeLessThanOrEqual(f([4, 4]));
    }
    expect(start).toEqual([4, 4]);
  });

  it('ends after its iterations, and where the callback throws', async () => {
    const onIteration = vi.fn(async () => {});
    const slope = ([x]: readonly number[]) => -x;
    await powell(slope, [0], { ...options, maxIterations: 3, onIteration });
    expect(onIteration).toHaveBeenCalledTimes(3);
    const stop = powell(slope, [0], { ...options, onIteration: () => Promise.reject(new Error('stop')) });
    await expect(stop).rejects.toThrow('stop');
  });
});
