import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import type { Shading } from './shading';
import { type TargetShading, type Unshaded, withTargetShading } from './targetShading';

const CEILING = 1.25;
const RULE: TargetShading = { like: 't2', share: 0.5, no_signal: 0.1 };
/** Twice as bright for each 80 mm along k, but limited. */
const SHADING: Shading = { centre: [0, 0, 2], coefficients: [0, 2, 0, 0, 0, 0, 0, 0, 0, 0] };
/** Five slices of one voxel, 8 mm apart. */
const image: Unshaded = {
  dims: [1, 1, 5],
  indexToWorld: mat4.fromScaling(mat4.create(), [1, 1, 8]),
  data: Float32Array.of(0, 0.5, 0.5, 0.5, 1.2),
};
const region = Uint8Array.of(0, 1, 1, 1, 1);
const sources = new Map([['t2', { ...image, shading: SHADING }]]);
const shaded = (rule: TargetShading | undefined, given: ReadonlyMap<string, Unshaded> = sources) => {
  const anchors = rule && { target_shading: { t1: rule } };
  return [...withTargetShading(image, region, 't1', given, { anchors, ceiling: CEILING }).data];
};

describe('withTargetShading', () => {
  it("scales the signal by a share of the partner's shading, in [0, ceiling], inside the region", () => {
    const signal = (factor: number) => 0.1 + 0.4 * factor;
    // The logarithm at one step: half of 2 * 8 / 80.
    const expected = [0, signal(Math.exp(-0.1)), signal(1), signal(Math.exp(0.1)), CEILING];
    for (const [n, value] of shaded(RULE).entries()) expect(value).toBeCloseTo(expected[n], 6);
  });

  it('leaves the image as it is where nothing is known', () => {
    expect(shaded(undefined)).toEqual([...image.data]);
    expect(shaded({ ...RULE, like: 'flair' })).toEqual([...image.data]);
    expect(shaded(RULE, new Map([['t2', image]]))).toEqual([...image.data]);
  });
});
