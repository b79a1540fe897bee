import { expect, it } from 'vitest';
import { turnedGrid } from '../testing/linear';
import { fieldOfViewVolume, overlap } from './overlap';

const cube = (x: number, size = 40) => turnedGrid([size, 20, 10], [1, 2, 4], [x, 0, 0]);

it('is the share of the smaller field of view', () => {
  expect(fieldOfViewVolume(cube(0))).toBe(64_000);
  expect(overlap(cube(0), cube(0))).toBe(1);
  expect(overlap(cube(0), cube(20))).toBeCloseTo(0.5, 2);
  expect(overlap(cube(0, 400), cube(60))).toBe(1);
  expect(overlap(cube(60), cube(0, 400))).toBe(1);
  expect(overlap(cube(0), cube(40))).toBe(0);
});
