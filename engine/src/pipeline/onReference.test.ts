import { describe, expect, it } from 'vitest';
import { eachVoxel, gridOfSteps, sampled } from '../testing/linear';
import { resample } from '../volume/resample';
import { indexToWorld } from '../volume/Volume';
import { onReference } from './onReference';

const model = gridOfSteps([30, 30, 12], [1, 0, 0], [0, 1, 0], [0, 0, 1]);
const fine = gridOfSteps([60, 60, 4], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 3], [0.1, 0.2, 1.3]);
/** A pattern inside a ball. */
const ball = ([x, y, z]: readonly number[]) =>
  Math.hypot(x - 15, y - 15, z - 6) < 9 ? 0.5 + 0.2 * Math.sin(1.3 * x) + 0.2 * Math.cos(1.6 * y) : 0;
const result = sampled(model, ball);

describe('onReference', () => {
  it('is 0 where linear interpolation is', () => {
    const straight = resample(result, fine).data;
    const { dims, data } = onReference(result, fine);
    expect(dims).toEqual(fine.dims);
    expect(straight).toContain(0);
    expect(data.filter((v, at) => v !== 0 && straight[at] === 0)).toEqual(new Float32Array());
    expect(data.some(v => v > 0.5)).toBe(true);
  });

  it('keeps more of a fine pattern than linear interpolation', () => {
    const errors = (data: Float32Array) => {
      let sum = 0;
      eachVoxel(fine, (index, at) => {
        const [x, y, z] = indexToWorld(fine, index);
        if (Math.hypot(x - 15, y - 15, z - 6) < 6) sum += Math.abs(data[at] - ball([x, y, z]));
      });
      return sum;
    };
    expect(errors(onReference(result, fine).data)).toBeLessThan(0.6 * errors(resample(result, fine).data));
  });

  it('leaves a result on the same grid as it is', () => {
    expect(onReference(result, model).data).toEqual(result.data);
  });
});
