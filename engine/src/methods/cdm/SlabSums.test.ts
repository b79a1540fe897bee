import { expect, it } from 'vitest';
import { SlabSums } from './SlabSums';

it('keeps the mean, the variance and the mean scale', () => {
  const sums = new SlabSums(2);
  for (const [a, b] of [
    [0.2, 5],
    [0.4, -1],
    [0.9, 0.5],
  ]) {
    sums.add(new Float32Array([a, b]), new Float32Array([0.1, b > 1 ? 0.6 : 0]), 1);
  }
  expect(sums.mean(0)).toBeCloseTo(0.5, 6);
  const variance = (0.3 ** 2 + 0.1 ** 2 + 0.4 ** 2) / 3;
  expect(sums.variance(0)).toBeCloseTo(variance, 6);
  expect(sums.scale(0)).toBeCloseTo(0.1, 6);
  // Clipped before: 1, 0 and 0.5.
  expect(sums.mean(1)).toBeCloseTo(0.5, 6);
  expect(sums.scale(1)).toBeCloseTo(0.2, 6);
  expect(sums.probability(1)).toBe(0);
});

it('keeps the mean probability where there is one', () => {
  const sums = new SlabSums(1);
  const one = new Float32Array([1]);
  for (const probability of [0.2, 0.4]) sums.add(one, one, 1, new Float32Array([probability]));
  expect(sums.probability(0)).toBeCloseTo(0.3, 6);
});
