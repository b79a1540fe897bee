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

it('keeps the mask where the support is much larger', () => {
  const found = keepAllIfStripped(brain, [volume(1, 1, 1, 1, 0, 1, 1, 1, 1, 0)], 0.8);
  expect(found).toEqual({ mask: brain, stripped: false });
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
  const ring = { ...volume(1, 1, 1, 1, 0, 1, 1, 1, 1), dims: [3, 3, 1] as [number, number, number] };
  const inside = Uint8Array.of(1, 1, 1, 1, 0, 1, 1, 0, 0);
  expect(keepAllIfStripped(inside, [ring], 0.7)).toEqual({ mask: inside, stripped: false });
  expect(keepAllIfStripped(inside, [ring], 0.6)).toEqual({ mask: new Uint8Array(9).fill(1), stripped: true });
});
