import { expect, it } from 'vitest';
import { defaultUpperEnd, UPPER_ENDS } from './errorScale';

it.each([
  [0.5, 5],
  [7, 10],
  [18, 20],
  [60, 100],
  [900, 200],
])('estimates up to %d %% get a scale up to %d %%', (most, upper) => {
  const errors = Float32Array.from({ length: 300_000 }, (_, n) => (n % 3 === 0 ? 0 : (most * n) / 300_000));
  expect(defaultUpperEnd(errors)).toBe(upper);
});

it('does not follow a few outliers, nor the voxels without an estimate', () => {
  const errors = new Float32Array(50_000).fill(0);
  errors.fill(4, 0, 10_000);
  errors.fill(150, 10_000, 10_050);
  expect(defaultUpperEnd(errors)).toBe(5);
  expect(defaultUpperEnd(new Float32Array(10))).toBe(UPPER_ENDS[0]);
});
