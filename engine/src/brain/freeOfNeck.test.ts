import { expect, it } from 'vitest';
import type { Point3 } from '../volume/Volume';
import { freeOfNeck } from './freeOfNeck';

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

it('cuts what hangs on a thin bridge, and fills holes', () => {
  const freed = freeOfNeck(mask(3), dims);
  const ball = mask(0).map((v, at) => (at % 60 < 30 ? v : 0));
  expect(freed.filter((v, at) => v !== ball[at]).length).toBeLessThan(60); // the stump of the bridge
  expect(freed[HOLE]).toBe(1);
});

it('keeps what is thin everywhere', () => {
  const rod = Uint8Array.from(mask(0), (_, at) => (Math.floor(at / 60) === 15 * 30 + 15 ? 1 : 0));
  expect(freeOfNeck(rod, dims)).toEqual(rod);
});
