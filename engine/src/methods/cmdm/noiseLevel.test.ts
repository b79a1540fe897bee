import { mat4 } from 'gl-matrix';
import { expect, it } from 'vitest';
import type { RoleId } from '../../domains/Role';
import { mulberry32 } from '../../inference/mulberry32';
import { standardNormal } from '../../inference/standardNormal';
import { tinyCmdmManifest } from '../../testing/tinyCmdm';
import type { Volume } from '../../volume/Volume';
import { expectedNoise, noiseLevel } from './noiseLevel';

const [WIDTH, DEPTH] = [64, 16];

/** A disc with an edge and a slope in it, and noise of a standard deviation, on all slices but the first. */
function noisy(deviation: number): Volume {
  const plane = WIDTH * WIDTH;
  const white = standardNormal(mulberry32(3), plane * DEPTH);
  const data = white.map((noise, i) => {
    const [x, y] = [(i % WIDTH) - 31.5, (Math.floor(i / WIDTH) % WIDTH) - 31.5];
    if (i < plane || Math.hypot(x, y) > 28) return 0;
    return 1 + x / 100 + (y > 0 ? 0.3 : 0) + deviation * noise;
  });
  return { dims: [WIDTH, WIDTH, DEPTH], indexToWorld: mat4.create(), data };
}

it.each([0.005, 0.03])('is that of white noise of %d, whatever lies beneath', deviation => {
  expect(Math.exp(noiseLevel(noisy(deviation)))).toBeCloseTo(deviation, 2 + Number(deviation < 0.01));
});

it('is the least one where there is none, or nothing', () => {
  const flat = noisy(0);
  expect(noiseLevel({ ...flat, data: flat.data.map(v => Math.sign(v)) })).toBe(-6);
  expect(noiseLevel({ ...flat, data: flat.data.map(() => 0) })).toBe(-6);
});

it('of a missing contrast follows from those of the sources', () => {
  const manifest = tinyCmdmManifest();
  const usual = Math.exp(-4.5);
  const told = (...deviations: [RoleId, number][]) =>
    expectedNoise(manifest, new Map(deviations.map(([role, d]) => [role, noisy(d)])), ['t1ce']).get('t1ce')!;
  expect(told(['t1', usual])).toBeCloseTo(0.5, 1);
  // Covariance 0.2 over variance 0.3: two thirds of the difference, and four fifths of what two agree on.
  const [one, two] = [told(['t1', usual * 2]), told(['t1', usual * 2], ['t2', usual * 2])];
  expect(one - told(['t1', usual])).toBeCloseTo((Math.log(2) * 2) / 9, 2);
  expect(two - told(['t1', usual], ['t2', usual])).toBeCloseTo((Math.log(2) * 4) / 15, 2);
});
