import { mat4 } from 'gl-matrix';
import { expect, it } from 'vitest';
import type { Point3, Volume } from '../../../volume/Volume';
import { keepAllIfStripped } from './stripped';

const DIMS: Point3 = [40, 40, 40];

const shown = (mask: Uint8Array): Volume => ({
  dims: DIMS,
  indexToWorld: mat4.create(),
  data: Float32Array.from(mask),
});

/** Probability of a network that is never sure. */
const doubtful = (brain: Uint8Array) => Float32Array.from(brain, v => v * 0.6);

/** Voxels nearer to the middle than `radius`, and not between the planes `gap` along i. */
function ball(radius: number, gap = [0, 0]): Uint8Array {
  const voxels = new Uint8Array(40 ** 3);
  for (let i = 0; i < voxels.length; i++) {
    const [x, y, z] = [i % 40, Math.floor(i / 40) % 40, Math.floor(i / 1600)].map(n => n - 19.5);
    voxels[i] = Math.hypot(x, y, z) < radius && !(x > gap[0] && x < gap[1]) ? 1 : 0;
  }
  return voxels;
}

it.each([
  ['not of a head, whose scalp lies around the brain', 3, false],
  ['of a brain with cysts, which reaches the surface', 0, true],
])('keeps the support %s', (_, scalp, stripped) => {
  const found = ball(14, [-2, 3]);
  const kept = keepAllIfStripped(found, doubtful(found), [shown(ball(14 + scalp))]);
  expect(kept.stripped).toBe(stripped);
  expect(kept.mask).toEqual(stripped ? ball(14) : found);
});

it('takes the support of all contrasts, one component, with its holes filled', () => {
  const hole = ball(4);
  const hollow = ball(13).map((v, i) => v - hole[i]);
  const apart = ball(14);
  apart[0] = 1;
  const found = ball(12);
  const { mask, stripped } = keepAllIfStripped(found, doubtful(found), [shown(hollow), shown(apart)]);
  expect(stripped).toBe(true);
  expect(mask).toEqual(ball(14));
});

it('takes a head that fills the volume for no stripped brain', () => {
  const all = new Uint8Array(40 ** 3).fill(1);
  expect(keepAllIfStripped(all, doubtful(all), [shown(all)])).toEqual({ mask: all, stripped: false });
});
