import { mat4 } from 'gl-matrix';
import { expect, it } from 'vitest';
import type { Volume } from '../../../volume/Volume';
import { keepAllIfStripped } from './stripped';

const volume = (...data: number[]): Volume => ({
  dims: [5, 2, 1],
  indexToWorld: mat4.create(),
  data: Float32Array.from(data),
});
const brain = Uint8Array.of(0, 1, 1, 0, 0, 0, 1, 0, 0, 0);

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
  const shown: Volume = {
    dims: [40, 40, 40],
    indexToWorld: mat4.create(),
    data: Float32Array.from(ball(14 + scalp)),
  };
  const found = ball(14, [-2, 3]);
  const kept = keepAllIfStripped(found, [shown], 0.8);
  expect(kept.stripped).toBe(stripped);
  expect(kept.mask).toEqual(stripped ? ball(14) : found);
});

it('takes the support of all contrasts, one component, where most of it is brain', () => {
  const { mask, stripped } = keepAllIfStripped(
    brain,
    [volume(0, 1, 1, 0, 1, 0, 1, 0, 0, 0), volume(0, 1, 0, 0, 0, 0, 1, 1e-3, 0, 0)],
    0.7,
  );
  expect(stripped).toBe(true);
  expect([...mask]).toEqual([0, 1, 1, 0, 0, 0, 1, 1, 0, 0]);
});

it('counts the support with its holes filled', () => {
  const hole = ball(8);
  const shell = ball(14).map((v, i) => v - hole[i]);
  const around: Volume = {
    dims: [40, 40, 40],
    indexToWorld: mat4.create(),
    data: Float32Array.from(shell),
  };
  const found = ball(10);
  expect(keepAllIfStripped(found, [around], 0.4)).toEqual({ mask: found, stripped: false });
  expect(keepAllIfStripped(found, [around], 0.3)).toEqual({ mask: ball(14), stripped: true });
});
