import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import type { Volume } from '../../volume/Volume';
import { availability, enlarge } from './slabs';

/** Two columns, one row, three slices; voxel value = base + 10 z + column. */
const volume = (base: number): Volume => ({
  dims: [2, 1, 3],
  indexToWorld: mat4.create(),
  data: Float32Array.from({ length: 6 }, (_, n) => base + 10 * Math.floor(n / 2) + (n % 2)),
});
const sources = new Map([['t2', volume(100)]]);

describe('availability', () => {
  it('flags the sources in every slice', () => {
    expect([...availability(sources, ['t1', 't2', 'flair'], 2).data]).toEqual([0, 1, 0, 0, 1, 0]);
  });
});

describe('enlarge', () => {
  it('interpolates between the middles of the pixels and repeats the edges', () => {
    const to = new Float32Array(16);
    enlarge(Float32Array.from([0, 4, 8, 12]), 4, 4, to);
    expect([...to.subarray(0, 4)]).toEqual([0, 1, 3, 4]);
    expect([...to.subarray(4, 8)]).toEqual([2, 3, 5, 6]);
    expect([...to.subarray(12)]).toEqual([8, 9, 11, 12]);
  });
});
