import { vec3 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { eachVoxel, gridOfSteps, linear, sampled, turnedGrid } from '../testing/linear';
import { binShrink, resample, resampleAntialiased } from './resample';
import { type Grid, indexToWorld, type Point3, type Volume, worldToIndex } from './Volume';

/** Where a voxel of `grid` lies in `volume`, in voxels. */
function place(volume: Grid, grid: Grid, index: Point3): Point3 {
  return vec3.transformMat4([0, 0, 0], indexToWorld(grid, index), worldToIndex(volume)) as Point3;
}

/** Largest error against the linear function over the voxels well inside `volume`, and their number. */
function check(volume: Volume, grid: Grid): { error: number; checked: number } {
  const { data } = resample(volume, grid);
  let error = 0;
  let checked = 0;
  eachVoxel(grid, (index, at) => {
    if (place(volume, grid, index).some((v, r) => v < 0 || v > volume.dims[r] - 1)) return;
    checked++;
    error = Math.max(error, Math.abs(data[at] - linear(indexToWorld(grid, index))));
  });
  return { error, checked };
}

describe('resample', () => {
  const target = turnedGrid([12, 11, 10], [1.5, 2, 2.5], [-8, -9, -10]);
  const sources: [string, Grid][] = [
    ['of another spacing', turnedGrid([40, 30, 20], [0.9, 1.1, 3], [-20, -18, -30])],
    ['that is oblique', turnedGrid([40, 40, 24], [1, 1.3, 2.2], [-18, -28, -20], 0.4)],
    ['that is flipped', gridOfSteps([30, 30, 20], [-1.2, 0, 0], [0, -1.4, 0], [0, 0, -2.5], [18, 20, 24])],
    ['that is sagittal', gridOfSteps([36, 34, 14], [0, 1.1, 0], [0, 0, -1.3], [2.9, 0, 0], [-19, -19, 22])],
  ];

  it.each(sources)('reproduces a linear function from a volume %s', (_, grid) => {
    const { error, checked } = check(sampled(grid, linear), target);
    expect(checked).toBeGreaterThan(600);
    expect(error).toBeLessThan(2e-3);
  });

  it('reproduces a linear function on an oblique grid', () => {
    const { error, checked } = check(
      sampled(target, linear),
      turnedGrid([20, 20, 20], [0.7, 0.8, 0.9], [-4, -4, -6], 0.7),
    );
    expect(checked).toBeGreaterThan(1000);
    expect(error).toBeLessThan(2e-3);
  });

  it('comes back unchanged from a round trip', () => {
    const volume = sampled(turnedGrid([16, 14, 12], [1, 1.5, 2], [-7, -9, -11], 0.3), linear);
    const wide = turnedGrid([60, 60, 60], [0.8, 0.8, 0.8], [-30, -26, -26]);
    const back = resample(resample(volume, wide), volume);
    let error = 0;
    eachVoxel(volume, (index, at) => {
      const inner = index.every((v, r) => v >= 2 && v < volume.dims[r] - 2);
      if (inner) error = Math.max(error, Math.abs(back.data[at] - volume.data[at]));
    });
    expect(error).toBeLessThan(2e-3);
  });

  it('returns every voxel on its own grid', () => {
    const grid = gridOfSteps([4, 3, 2], [1, 0, 0], [0, 2, 0], [0, 0, 3]);
    const volume = { ...grid, data: Float32Array.from({ length: 24 }, (_, i) => (i * 7) % 11) };
    expect([...resample(volume, grid).data]).toEqual([...volume.data]);
  });

  it('returns every voxel of a volume that is one voxel wide', () => {
    const grid = gridOfSteps([1, 3, 2], [1, 0, 0], [0, 2, 0], [0, 0, 3]);
    const volume = { ...grid, data: Float32Array.from({ length: 6 }, (_, i) => i + 1) };
    expect([...resample(volume, grid).data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('holds the outer half voxel and fills what lies beyond', () => {
    const volume = {
      ...gridOfSteps([2, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]),
      data: new Float32Array([4, 8]),
    };
    const at = (x: number) =>
      resample(volume, gridOfSteps([1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [x, 0, 0]), -1).data[0];
    expect([-0.6, -0.5, 0, 0.25, 1, 1.5, 1.6].map(at)).toEqual([-1, 4, 4, 5, 8, 8, -1]);
  });

  it('fills with 0 unless told otherwise', () => {
    const volume = {
      ...gridOfSteps([1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]),
      data: new Float32Array([4]),
    };
    expect(resample(volume, gridOfSteps([1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 9])).data[0]).toBe(
      0,
    );
  });

  it('makes nothing but what is wanted, and that the same', () => {
    const source = sampled(turnedGrid([40, 30, 20], [0.9, 1.1, 3], [-20, -18, -30]), linear);
    const whole = resample(source, target, -1).data;
    const where = Uint8Array.from(whole, (_, at) =>
      at % 12 === 3 || at % 12 === 7 ? Math.floor(at / 12) % 2 : 0,
    );
    const made = resample(source, target, -1, where).data;
    const between = (at: number) => Math.floor(at / 12) % 2 === 1 && at % 12 >= 3 && at % 12 <= 7;
    expect(whole.some((v, at) => between(at) && v !== -1)).toBe(true);
    expect(made).toEqual(whole.map((v, at) => (between(at) ? v : -1)));
  });
});

describe('binShrink', () => {
  it('averages whole boxes', () => {
    const grid = gridOfSteps([5, 2, 2], [1, 0, 0], [0, 1, 0], [0, 0, 1]);
    const volume = { ...grid, data: Float32Array.from({ length: 20 }, (_, i) => i) };
    const shrunk = binShrink(volume, [2, 2, 1]);
    expect(shrunk.dims).toEqual([2, 1, 2]);
    expect([...shrunk.data]).toEqual([3, 5, 13, 15]);
  });

  it('keeps a linear function of the world in place', () => {
    const shrunk = binShrink(
      sampled(turnedGrid([13, 12, 9], [1, 1.5, 2], [3, -4, 5], 0.5), linear),
      [3, 2, 4],
    );
    expect(shrunk.dims).toEqual([4, 6, 2]);
    eachVoxel(shrunk, (index, at) =>
      expect(shrunk.data[at]).toBeCloseTo(linear(indexToWorld(shrunk, index)), 3),
    );
  });

  it.each<Point3>([
    [2, 2, 2],
    [2, 1, 3],
    [1, 2, 1],
    [3, 2, 2],
  ])('averages every voxel of the boxes of %i x %i x %i once', (...factor) => {
    const volume = sampled(turnedGrid([9, 7, 8], [1, 1, 1], [0, 0, 0]), ([x, y, z]) =>
      Math.round(50 * Math.sin(x + 3 * y + 7 * z)),
    );
    const shrunk = binShrink(volume, factor);
    eachVoxel(shrunk, (index, at) => {
      let sum = 0;
      eachVoxel(volume, (voxel, from) => {
        if (voxel.every((n, r) => Math.floor(n / factor[r]) === index[r])) sum += volume.data[from];
      });
      expect(shrunk.data[at]).toBeCloseTo(sum / (factor[0] * factor[1] * factor[2]), 4);
    });
  });

  it('returns the volume itself for a factor of 1', () => {
    const volume = sampled(turnedGrid([3, 3, 3], [1, 1, 1], [0, 0, 0]), linear);
    expect(binShrink(volume, [1, 1, 1])).toBe(volume);
  });

  it('caps a factor at the size of the volume', () => {
    const volume = sampled(turnedGrid([3, 3, 1], [1, 1, 1], [0, 0, 0]), linear);
    expect(binShrink(volume, [1, 1, 5])).toBe(volume);
    expect(binShrink(volume, [9, 1, 5]).dims).toEqual([1, 3, 1]);
  });
});

describe('resampleAntialiased', () => {
  it('keeps a linear function in place on a coarser grid', () => {
    const coarse = turnedGrid([5, 5, 5], [3, 3, 3], [-6, -6, -6], 0.2);
    const { data } = resampleAntialiased(
      sampled(turnedGrid([50, 50, 20], [0.7, 0.7, 2], [-17, -17, -20]), linear),
      coarse,
    );
    eachVoxel(coarse, (index, at) => expect(data[at]).toBeCloseTo(linear(indexToWorld(coarse, index)), 2));
  });

  it('averages a pattern too fine for the grid', () => {
    const fine = turnedGrid([40, 8, 8], [0.5, 1, 1], [0, 0, 0]);
    const stripes = sampled(fine, ([x]) => (Math.round(x / 0.5) % 2 ? 100 : 0));
    const { data } = resampleAntialiased(stripes, turnedGrid([6, 2, 2], [2, 2, 2], [4, 2, 2]));
    for (const v of data) expect(v).toBeCloseTo(50, 3);
  });
});
