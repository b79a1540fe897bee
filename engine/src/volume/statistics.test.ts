import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskedMean, medianHigh, medianLow, percentiles } from './statistics';

it('averages where the mask is set', () => {
  const values = new Float32Array([0, 1, 2, 3]);
  expect(maskedMean(values, new Uint8Array([0, 1, 0, 1]))).toBe(2);
  expect(maskedMean(values, new Uint8Array(4))).toBe(0);
});

it('takes one of the middle values for the median, by size', () => {
  const values = [10, 9, 1, 100];
  expect([medianLow(values), medianHigh(values)]).toEqual([9, 10]);
  expect([medianLow([7]), medianHigh([3, 20, 100])]).toEqual([7, 20]);
  expect(values).toEqual([10, 9, 1, 100]);
});

const all = (n: number) => new Uint8Array(n).fill(1);

describe('percentiles', () => {
  it('interpolates between order statistics', () => {
    const values = new Float32Array([40, 10, 30, 20, 50]);
    expect(percentiles(values, all(5), [0, 10, 25, 50, 90, 100])).toEqual([10, 14, 20, 30, 46, 50]);
  });

  it('answers in the order asked', () => {
    expect(percentiles(new Float32Array([0, 1]), all(2), [75, 25])).toEqual([0.75, 0.25]);
  });

  it('sorts negative values and those of several digits as numbers', () => {
    expect(percentiles(new Float32Array([9, 100, -20, -3]), all(4), [0, 50, 100])).toEqual([-20, 3, 100]);
  });

  it('looks inside the mask only', () => {
    const values = new Float32Array([1000, 1, 2, 3, -1000]);
    expect(percentiles(values, new Uint8Array([0, 1, 1, 1, 0]), [0, 50, 100])).toEqual([1, 2, 3]);
  });

  it('takes the only value for every percentage', () => {
    expect(percentiles(new Float32Array([5, 7]), new Uint8Array([0, 1]), [0, 33, 100])).toEqual([7, 7, 7]);
  });

  it('leaves the values as they were', () => {
    const values = new Float32Array([3, 1, 2]);
    percentiles(values, all(3), [50]);
    expect([...values]).toEqual([3, 1, 2]);
  });

  it('finds what sorting finds, in values of any sign and size and often alike', () => {
    const value = fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -3, max: 3 }),
    );
    const voxels = fc.array(fc.tuple(value, fc.boolean()), { minLength: 1, maxLength: 60 });
    const check = fc.property(voxels, fc.double({ min: 0, max: 100, noNaN: true }), (drawn, percent) => {
      const inside = Float32Array.from(drawn.filter(([, kept]) => kept).map(([v]) => v)).sort();
      fc.pre(inside.length > 0);
      const at = (percent / 100) * (inside.length - 1);
      const low = inside[Math.floor(at)];
      const expected = low + (inside[Math.ceil(at)] - low) * (at - Math.floor(at));
      const values = Float32Array.from(drawn, ([v]) => v);
      const mask = Uint8Array.from(drawn, ([, kept]) => Number(kept));
      expect(percentiles(values, mask, [percent])[0] - expected).toBeCloseTo(0, 12);
    });
    fc.assert(check);
  });

  it('refuses an empty mask', () => {
    expect(() => percentiles(new Float32Array(3), new Uint8Array(3), [50])).toThrow(RangeError);
  });
});
