import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridOfSteps } from '../testing/linear';
import { normalize, percentiles } from './normalize';

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

describe('normalize', () => {
  const volume = (values: number[]) => ({
    ...gridOfSteps([values.length, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]),
    data: new Float32Array(values),
  });

  it('makes the percentiles 0 and 1 and clips at the ceiling', () => {
    // 25 % is 20, 75 % is 40.
    const { data } = normalize(volume([10, 20, 30, 40, 50]), all(5), { lower: 25, upper: 75, ceiling: 1.25 });
    expect([...data]).toEqual([0, 0, 0.5, 1, 1.25]);
  });

  it('is 0 outside the mask and does not look there', () => {
    const { data } = normalize(volume([999, 0, 2, 4, -999]), new Uint8Array([0, 1, 1, 1, 0]), {
      lower: 0,
      upper: 100,
      ceiling: 2,
    });
    expect([...data]).toEqual([0, 0, 0.5, 1, 0]);
  });

  it('gives 0 for a flat volume', () => {
    expect([...normalize(volume([7, 7, 7]), all(3), { lower: 1, upper: 99, ceiling: 1 }).data]).toEqual([
      0, 0, 0,
    ]);
  });

  it('keeps the grid and the input', () => {
    const input = volume([1, 2, 3]);
    const result = normalize(input, all(3), { lower: 0, upper: 100, ceiling: 1 });
    expect(result.dims).toEqual(input.dims);
    expect(result.indexToWorld).toEqual(input.indexToWorld);
    expect([...input.data]).toEqual([1, 2, 3]);
  });
});
