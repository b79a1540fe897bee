import { mat4 } from 'gl-matrix';
import { expect, it } from 'vitest';
import type { Volume } from '../volume/Volume';
import { wholeIfStripped } from './stripped';

const volume = (...data: number[]): Volume => ({
  dims: [5, 2, 1],
  indexToWorld: mat4.create(),
  data: Float32Array.from(data),
});
const brain = Uint8Array.of(0, 1, 1, 0, 0, 0, 1, 0, 0, 0);

it('keeps the brain where much else is shown', () => {
  const found = wholeIfStripped(brain, [volume(1, 1, 1, 1, 0, 1, 1, 1, 1, 0)], 0.8);
  expect(found).toEqual({ mask: brain, stripped: false });
});

it('takes all that any contrast shows, in one piece, where most of it is brain', () => {
  const { mask, stripped } = wholeIfStripped(
    brain,
    [volume(0, 1, 1, 0, 1, 0, 1, 0, 0, 0), volume(0, 1, 0, 0, 0, 0, 1, 1e-3, 0, 0)],
    0.7,
  );
  expect(stripped).toBe(true);
  expect([...mask]).toEqual([0, 1, 1, 0, 0, 0, 1, 1, 0, 0]);
});

it('counts what is shown with its holes filled', () => {
  const ring = { ...volume(1, 1, 1, 1, 0, 1, 1, 1, 1), dims: [3, 3, 1] as [number, number, number] };
  const inside = Uint8Array.of(1, 1, 1, 1, 0, 1, 1, 0, 0);
  expect(wholeIfStripped(inside, [ring], 0.7)).toEqual({ mask: inside, stripped: false });
  expect(wholeIfStripped(inside, [ring], 0.6)).toEqual({ mask: new Uint8Array(9).fill(1), stripped: true });
});
