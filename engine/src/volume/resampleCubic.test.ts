import { vec3 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { eachVoxel, gridOfSteps, linear, sampled, turnedGrid } from '../testing/linear';
import { resample } from './resample';
import { resampleCubic } from './resampleCubic';
import { type Grid, indexToWorld, type Point3, type Volume, worldToIndex } from './Volume';

/** Differences from a function at the voxels at least two voxels inside `volume`. */
function errors(made: Volume, volume: Grid, f: (world: Point3) => number): number[] {
  const found: number[] = [];
  eachVoxel(made, (index, at) => {
    const world = indexToWorld(made, index);
    const place = vec3.transformMat4([0, 0, 0], world, worldToIndex(volume));
    const within = [0, 1, 2].every(r => place[r] > 2 && place[r] < volume.dims[r] - 3);
    if (within) found.push(Math.abs(made.data[at] - f(world)));
  });
  expect(found.length).toBeGreaterThan(4000);
  return found;
}

describe('resampleCubic', () => {
  const grid = turnedGrid([20, 18, 16], [1, 1, 1], [-10, -9, -8]);
  const turned = turnedGrid([40, 40, 40], [0.9, 0.9, 0.9], [-17, -19, -18], 0.2);

  it('reproduces a linear function', () => {
    const made = resampleCubic(sampled(turned, linear), grid);
    expect(Math.max(...errors(made, turned, linear))).toBeLessThan(2e-3);
  });

  it('keeps more of a fine pattern than linear interpolation, and makes up no value', () => {
    const waves = ([x, y, z]: Point3) => 100 + 50 * Math.sin(1.5 * x) + 50 * Math.cos(1.3 * y + z);
    const volume = sampled(turned, waves);
    const cubic = resampleCubic(volume, grid);
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const straight = mean(errors(resample(volume, grid), turned, waves));
    expect(mean(errors(cubic, turned, waves))).toBeLessThan(0.4 * straight);
    expect(Math.min(...cubic.data)).toBeGreaterThanOrEqual(Math.min(...volume.data));
    expect(Math.max(...cubic.data)).toBeLessThanOrEqual(Math.max(...volume.data));
  });

  it('returns every voxel on its own grid', () => {
    const own = gridOfSteps([7, 6, 5], [1, 0, 0], [0, 2, 0], [0, 0, 3]);
    const volume = { ...own, data: Float32Array.from({ length: 210 }, (_, i) => (i * 7) % 11) };
    expect(resampleCubic(volume, own).data).toEqual(volume.data);
  });

  it('does not ring at an edge, holds the outer half voxel, and is 0 beyond', () => {
    const own = gridOfSteps([8, 4, 4], [1, 0, 0], [0, 1, 0], [0, 0, 1]);
    const edge = sampled(own, ([x]) => (x > 3 ? 8 : 0));
    const at = (x: number) =>
      resampleCubic(edge, gridOfSteps([1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [x, 1, 1])).data[0];
    expect([2.5, 3, 3.5, 4, 4.5].map(at)).toEqual([0, 0, 4, 8, 8]);
    expect([-0.6, -0.5, 7.5, 7.6].map(at)).toEqual([0, 0, 8, 0]);
  });

  describe('of a ball', () => {
    const model = gridOfSteps([30, 30, 12], [1, 0, 0], [0, 1, 0], [0, 0, 1]);
    const ball = ([x, y, z]: Point3) =>
      Math.hypot(x - 15, y - 15, z - 6) < 9 ? 0.5 + 0.2 * Math.sin(1.3 * x) + 0.2 * Math.cos(1.6 * y) : 0;
    const result = sampled(model, ball);
    const fine = (z: number) => gridOfSteps([60, 60, 4], [0.5, 0, 0], [0, 0.5, 0], [0, 0, 3], [0.1, 0.2, z]);

    it.each([
      ['between its slices', 1.3],
      ['on its slices', 1],
    ])('is 0 where linear interpolation is, %s', (_, z) => {
      const straight = resample(result, fine(z)).data;
      const { dims, data } = resampleCubic(result, fine(z));
      expect(dims).toEqual(fine(z).dims);
      expect(straight).toContain(0);
      expect(data.filter((v, at) => v !== 0 && straight[at] === 0)).toEqual(new Float32Array());
      expect(data.some(v => v > 0.5)).toBe(true);
    });

    it('keeps more of a fine pattern than linear interpolation', () => {
      const off = (data: Float32Array) => {
        let sum = 0;
        eachVoxel(fine(1.3), (index, at) => {
          const world = indexToWorld(fine(1.3), index);
          if (vec3.distance(world, [15, 15, 6]) < 6) sum += Math.abs(data[at] - ball(world));
        });
        return sum;
      };
      expect(off(resampleCubic(result, fine(1.3)).data)).toBeLessThan(
        0.6 * off(resample(result, fine(1.3)).data),
      );
    });

    it('leaves it on the same grid as it is', () => {
      expect(resampleCubic(result, model).data).toEqual(result.data);
    });
  });
});
