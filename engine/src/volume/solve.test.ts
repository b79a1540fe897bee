import { describe, expect, it } from 'vitest';
import { solve } from './solve';

describe('solve', () => {
  it('finds x of a positive definite system', () => {
    const matrix = [
      [4, 1, 0.5],
      [1, 3, -1],
      [0.5, -1, 2],
    ];
    const x = [1, -2, 3];
    const right = matrix.map(row => row.reduce((sum, v, i) => sum + v * x[i], 0));
    for (const [i, v] of solve(matrix, right).entries()) expect(v).toBeCloseTo(x[i], 12);
  });

  it('refuses any other matrix', () => {
    const singular = [
      [1, 1],
      [1, 1],
    ];
    expect(() => solve(singular, [1, 2])).toThrow(RangeError);
  });
});
