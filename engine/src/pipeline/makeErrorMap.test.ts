import { describe, expect, it } from 'vitest';
import type { Uncertainty } from '../methods/Method';
import { eachVoxel, linear, sampled, turnedGrid } from '../testing/linear';
import { valueAtWorld } from '../volume/atWorld';
import { threshold } from '../volume/Mask';
import { resample } from '../volume/resample';
import { type Grid, indexToWorld } from '../volume/Volume';
import { type CompactErrors, compactErrors, expandErrors } from './CompactErrors';
import { makeErrorMap } from './makeErrorMap';

const grid = turnedGrid([20, 22, 18], [2, 2, 2], [-20, -22, -18]);
const inside = sampled(grid, ([x, y, z]) => (Math.hypot(x, y, z) < 12 ? 1 : 0));
const region = threshold(inside.data, 0.5);
/** From 0.03 to 0.12 in the region. */
const spread = {
  ...grid,
  data: sampled(grid, world => linear(world) / 1500).data.map((error, at) => (region[at] ? error : 0)),
};
const left = sampled(grid, ([x]) => (x > 0 ? 1 : 0));
const kept = (more: Partial<Uncertainty> = {}, signal?: number): CompactErrors =>
  compactErrors({ spread, ...more }, region, signal);
const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, value), 0);

describe('compactErrors', () => {
  it('keeps a byte a voxel around the region', () => {
    const { roots, dims } = kept();
    // 12 mm each way in steps of 2 mm, and a voxel around.
    expect(dims).toEqual([13, 13, 13]);
    expect(roots).toHaveLength(13 ** 3);
  });

  it('keeps the errors within a two-hundredth of their root', () => {
    const expanded = resample(expandErrors(kept()), grid);
    const most = largest(spread.data);
    eachVoxel(grid, (_, at) => {
      const off = Math.abs(Math.sqrt(expanded.data[at]) - Math.sqrt(spread.data[at]));
      if (off > Math.sqrt(most) / 500) expect.fail(`off by ${off} at ${at}`);
    });
  });

  it('keeps errors of nothing', () => {
    const none = { ...grid, data: new Float32Array(spread.data.length) };
    expect(largest(expandErrors(kept({ spread: none })).data)).toBe(0);
  });
});

describe('makeErrorMap', () => {
  const result: Grid = turnedGrid([40, 38, 9], [1.1, 1.1, 4], [-20, -20, -16], 0.1);

  it("tells per cent of the white-matter signal on the result's grid", async () => {
    const { volume, unit } = await makeErrorMap(kept({}, 0.5), result);
    expect(unit).toBe('white-matter');
    expect([volume.dims, volume.indexToWorld]).toEqual([result.dims, result.indexToWorld]);
    let compared = 0;
    eachVoxel(result, (index, at) => {
      const world = indexToWorld(result, index);
      const percent = volume.data[at];
      if (Math.hypot(...world) < 8) {
        const expected = linear(world) / 15 / 0.5;
        compared++;
        if (Math.abs(percent - expected) > 0.03 * expected) expect.fail(`${percent} instead of ${expected}`);
      }
      if (Math.hypot(...world) > 16 && percent !== 0) expect.fail(`${percent} outside`);
      if (percent * 256 !== Math.round(percent * 256)) expect.fail(`${percent} is between two steps`);
    });
    expect(compared).toBeGreaterThan(300);
  });

  it('tells per cent of the range where the bundle does not know white matter', async () => {
    const [{ volume, unit }, ofWhiteMatter] = await Promise.all([
      makeErrorMap(kept(), result),
      makeErrorMap(kept({}, 0.5), result),
    ]);
    expect(unit).toBe('range');
    expect(largest(volume.data)).toBeCloseTo(largest(ofWhiteMatter.volume.data) / 2, 1);
  });

  it('tells where something cannot be told, and what', async () => {
    const indeterminate = { mask: threshold(left.data, 0.5), text: 'Enhancement cannot be told here.' };
    const map = await makeErrorMap(kept({ indeterminate }), result);
    expect(map.region!.text).toBe(indeterminate.text);
    const { mask } = map.region!;
    eachVoxel(result, (index, at) => {
      const [x, y, z] = indexToWorld(result, index);
      if (Math.hypot(x, y, z) < 8 && Math.abs(x) > 2 && mask[at] !== (x > 0 ? 1 : 0)) expect.fail(`at ${at}`);
    });
    expect((await makeErrorMap(kept(), result)).region).toBeUndefined();
  });

  it('keeps how probable lesions are, to a hundredth', async () => {
    const probable = sampled(grid, ([x, y, z]) => Math.max(0, 1 - Math.hypot(x, y, z) / 12));
    const halved = { ...grid, data: probable.data.map(p => p / 2) };
    const compact = compactErrors({ spread }, region, undefined, { any: probable, enhancing: halved });
    const { any, enhancing } = (await makeErrorMap(compact, result)).lesions!;
    expect(valueAtWorld(any, [0, 0, 0])).toBeCloseTo(valueAtWorld(probable, [0, 0, 0]), 2);
    expect(valueAtWorld(any, [4, -2, 3])).toBeCloseTo(valueAtWorld(probable, [4, -2, 3]), 2);
    expect(valueAtWorld(enhancing!, [4, -2, 3])).toBeCloseTo(valueAtWorld(probable, [4, -2, 3]) / 2, 2);
    const alone = compactErrors({ spread }, region, undefined, { any: probable });
    expect(Object.keys((await makeErrorMap(alone, result)).lesions!)).toEqual(['any']);
    expect((await makeErrorMap(kept(), result)).lesions).toBeUndefined();
  });
});
