import { expect, it } from 'vitest';
import { normalizeIntensity } from './normalizeIntensity';

const rules = { peak_percentile: 100, foreground: 0.1, bright_percentile: 50, ceiling: 1.5 };

it('scales by the bright percentile of the foreground', () => {
  const { data, foreground } = normalizeIntensity(Float32Array.of(-5, 0, 9, 40, 50, 100), rules);
  expect([...foreground]).toEqual([0, 0, 0, 1, 1, 1]);
  expect([...data]).toEqual([0, 0, 9 / 50, 40 / 50, 1, 1.5].map(Math.fround));
});

it('is the same in any unit', () => {
  const values = Float32Array.of(0, 3, 8, 16, 32);
  expect(
    normalizeIntensity(
      values.map(v => 4 * v),
      rules,
    ),
  ).toEqual(normalizeIntensity(values, rules));
});

it('throws when no value is positive', () => {
  expect(() => normalizeIntensity(new Float32Array(4), rules)).toThrow(RangeError);
});
