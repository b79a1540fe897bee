import { expect, it } from 'vitest';
import { dilate, fillHolesBySlice } from '../../../volume/morphology';
import type { Point3 } from '../../../volume/Volume';
import { maskFromProbability } from './maskFromProbability';

const dims: Point3 = [60, 30, 30];
const HOLE = 15 * 1800 + 15 * 60 + 16;

/** Two balls and a rod of the given radius between them, with a hole within the larger ball. */
function mask(bridge: number): Uint8Array {
  return Uint8Array.from({ length: dims[0] * dims[1] * dims[2] }, (_, at) => {
    const [i, j, k] = [at % 60, Math.floor(at / 60) % 30, Math.floor(at / 1800)];
    const ball = Math.hypot(i - 16, j - 15, k - 15) <= 12 || Math.hypot(i - 46, j - 15, k - 15) <= 9;
    const rod = i > 16 && i < 46 && Math.hypot(j - 15, k - 15) < bridge;
    return at !== HOLE && (ball || rod) ? 1 : 0;
  });
}

it('removes what hangs on a thin bridge, and fills holes', () => {
  const freed = maskFromProbability(Float32Array.from(mask(3)), dims);
  const ball = mask(0).map((v, at) => (at % 60 < 30 ? v : 0));
  expect(freed.filter((v, at) => v !== ball[at]).length).toBeLessThan(160); // the stump of the bridge
  expect(freed[HOLE]).toBe(1);
});

it('keeps what is thin everywhere', () => {
  const rod = Uint8Array.from(mask(0), (_, at) => (Math.floor(at / 60) === 15 * 30 + 15 ? 1 : 0));
  expect(maskFromProbability(Float32Array.from(rod), dims)).toEqual(rod);
});

it('keeps what is probable near what is certain, and no farther', () => {
  const ball = mask(0);
  const [large, small] = [
    ball.map((v, at) => (at % 60 < 30 ? v : 0)),
    ball.map((v, at) => (at % 60 >= 30 ? v : 0)),
  ];
  // The certain ball has a shell of probable voxels, which bridges the gap to a ball that is only probable.
  const shell = dilate(large, dims, 9);
  const found = maskFromProbability(
    Float32Array.from(shell, (v, at) => (large[at] ? 0.99 : v || small[at] ? 0.7 : 0.1)),
    dims,
  );
  expect(found).toEqual(fillHolesBySlice(dilate(large, dims, 3), dims));
});

it('takes what is probable where nothing is certain', () => {
  const ball = mask(0).map((v, at) => (at % 60 < 30 ? v : 0));
  expect(
    maskFromProbability(
      Float32Array.from(ball, v => 0.8 * v),
      dims,
    ),
  ).toEqual(fillHolesBySlice(ball, dims));
});
