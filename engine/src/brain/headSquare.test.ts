import { expect, it } from 'vitest';
import type { Point3 } from '../volume/Volume';
import { addSquare, cutSquare, headSquare } from './headSquare';

const dims: Point3 = [6, 3, 2];
const values = Float32Array.from({ length: 36 }, (_, i) => i);

it('lies around the centroid of the foreground', () => {
  const foreground = Uint8Array.from(values, v => (v % 6 >= 3 ? 1 : 0));
  expect(headSquare(foreground, dims, [4, 2])).toEqual({ i0: 3, j0: -1, columns: 2, rows: 4 });
});

it('cuts, with zeros beyond the volume', () => {
  const square = { i0: 5, j0: 1, columns: 2, rows: 3 };
  expect([...cutSquare(values, dims, 1, square)]).toEqual([29, 0, 35, 0, 0, 0]);
});

it('puts back what it cut', () => {
  const sum = new Float32Array(36);
  for (const k of [0, 1]) {
    for (const i0 of [-2, 2]) {
      const square = { i0, j0: -1, columns: 4, rows: 8 };
      addSquare(cutSquare(values, dims, k, square), sum, dims, k, square, 1);
    }
  }
  expect(sum).toEqual(values);
});
