import { describe, expect, it } from 'vitest';
import { KeySlices } from './KeySlices';

describe('KeySlices', () => {
  it.each([
    [9, 4, [0, 4, 8]],
    [10, 4, [0, 4, 8, 9]],
    [5, 1, [0, 1, 2, 3, 4]],
    [3, 8, [0, 2]],
    [1, 4, [0]],
    [2, 4, [0, 1]],
  ])('takes of %i slices every %ith and the last', (depth, step, expected) => {
    expect(new KeySlices(depth, step).indices).toEqual(expected);
  });

  it.each([
    [9, 4],
    [10, 4],
    [11, 3],
    [2, 5],
    [1, 1],
  ])('interpolates a line over %i slices every %i exactly', (depth, step) => {
    const keys = new KeySlices(depth, step);
    const values = Float32Array.from(keys.indices.flatMap(z => [2 * z + 1, -z]));
    const out = new Float32Array(2);
    for (let z = 0; z < depth; z++) {
      keys.interpolate(values, z, out);
      expect(out[0]).toBeCloseTo(2 * z + 1, 5);
      expect(out[1]).toBeCloseTo(-z, 5);
    }
  });

  it('uses only the two neighbours', () => {
    const keys = new KeySlices(9, 4);
    const out = new Float32Array(1);
    keys.interpolate(new Float32Array([100, 10, 20]), 5, out);
    expect(out[0]).toBeCloseTo(12.5, 5);
  });
});
