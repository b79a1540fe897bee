import { expect, it } from 'vitest';
import type { Point3 } from '../../../volume/Volume';
import { addCropped, cropSlice, foregroundCrop } from './foregroundCrop';

const dims: Point3 = [6, 3, 2];
const values = Float32Array.from({ length: 36 }, (_, i) => i);

it('is centred on the centroid of the foreground', () => {
  const foreground = Uint8Array.from(values, v => (v % 6 >= 3 ? 1 : 0));
  expect(foregroundCrop(foreground, dims, [4, 2])).toEqual({ dims, i0: 3, j0: -1, columns: 2, rows: 4 });
});

it('crops, with zeros beyond the volume', () => {
  const crop = { dims, i0: 5, j0: 1, columns: 2, rows: 3 };
  expect([...cropSlice(values, 1, crop)]).toEqual([29, 0, 35, 0, 0, 0]);
});

it('adds crops back to where they came from', () => {
  const sum = new Float32Array(36);
  for (const k of [0, 1]) {
    for (const i0 of [-2, 2]) {
      const crop = { dims, i0, j0: -1, columns: 4, rows: 8 };
      addCropped(sum, k, crop, cropSlice(values, k, crop), 1);
    }
  }
  expect(sum).toEqual(values);
});
