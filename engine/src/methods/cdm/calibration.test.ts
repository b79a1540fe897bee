import { expect, it } from 'vitest';
import { calibrated } from './calibration';

const curve = { from: [0, 0.2, 0.8, 1.25], to: [0, 0.1, 0.8, 1.2] };

it.each([
  [0, 0],
  [0.1, 0.05],
  [0.2, 0.1],
  [0.5, 0.45],
  [1.25, 1.2],
  [-1, 0],
  [2, 1.2],
])('brings %d to %d', (value, expected) => {
  expect(calibrated(value, curve)).toBeCloseTo(expected, 9);
});
