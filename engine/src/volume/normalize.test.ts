import { describe, expect, it } from 'vitest';
import { gridOfSteps } from '../testing/linear';
import { normalize } from './normalize';

const all = (n: number) => new Uint8Array(n).fill(1);

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

  it("tells how far the values' zero lies below that of the result", () => {
    const { floor } = normalize(volume([10, 20, 30, 40, 50]), all(5), {
      lower: 25,
      upper: 75,
      ceiling: 1.25,
    });
    expect(floor).toBe(1);
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
