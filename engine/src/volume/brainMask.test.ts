import { describe, expect, it } from 'vitest';
import { BRAIN_CENTRE, head, inBrain, radius } from '../testing/head';
import { eachVoxel, gridOfSteps, sampled } from '../testing/linear';
import { brainMask } from './brainMask';
import { type Grid, indexToWorld, type Point3 } from './Volume';

const gridDown = (feet: number): Grid => {
  const slices = Math.round((97 - feet) / 2);
  return gridOfSteps(
    [80, 92, slices],
    [2, 0, 0],
    [0, 2, 0],
    [0, 0, 2],
    [BRAIN_CENTRE[0] - 79, BRAIN_CENTRE[1] - 91, feet],
  );
};
const grid = gridDown(-73);

function dice(mask: Uint8Array, on: Grid, truth: (world: Point3) => boolean): number {
  let [both, sum] = [0, 0];
  eachVoxel(on, (index, at) => {
    const inside = truth(indexToWorld(on, index));
    if (inside && mask[at]) both++;
    sum += mask[at] + (inside ? 1 : 0);
  });
  return (2 * both) / sum;
}

describe('brainMask', () => {
  it('finds the brain under skull and scalp', () => {
    const mask = brainMask([sampled(grid, head)]);
    expect(dice(mask, grid, inBrain)).toBeGreaterThan(0.95);
    let scalp = 0;
    eachVoxel(grid, (index, at) => {
      if (mask[at] && radius(indexToWorld(grid, index), 8) > 1) scalp++;
    });
    expect(scalp).toBe(0);
  });

  it('averages contrasts of different units', () => {
    const dark = sampled(grid, world => (inBrain(world) ? 3 : head(world) / 100));
    expect(dice(brainMask([sampled(grid, head), dark]), grid, inBrain)).toBeGreaterThan(0.95);
  });

  it('keeps the support of a stripped study', () => {
    const stripped = sampled(grid, w => (inBrain(w) ? head(w) : 0));
    expect(dice(brainMask([stripped, stripped]), grid, inBrain)).toBeGreaterThan(0.99);
  });

  it('fills dark ventricles', () => {
    const hollow = sampled(grid, w => (radius(w, -40) <= 1 ? 0 : head(w)));
    expect(dice(brainMask([hollow]), grid, inBrain)).toBeGreaterThan(0.95);
  });

  it('cuts off what lies below the height of a brain', () => {
    const long = gridDown(-150);
    const necked = sampled(long, w => {
      const [x, y, z] = w;
      const neck = Math.hypot(x - BRAIN_CENTRE[0], y - BRAIN_CENTRE[1]) < 36 && z < BRAIN_CENTRE[2];
      return neck && radius(w) > 1 ? 200 : head(w);
    });
    const mask = brainMask([necked]);
    let lowest = Number.POSITIVE_INFINITY;
    eachVoxel(long, (index, at) => {
      if (mask[at]) lowest = Math.min(lowest, indexToWorld(long, index)[2]);
    });
    expect(mask.some(v => v)).toBe(true);
    // The top is at 78 mm; a brain is 144 mm high, and growing back adds less than 20 mm.
    expect(lowest).toBeGreaterThan(78 - 144 - 20);
  });
});
