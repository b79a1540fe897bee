import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import type { Volume } from '../volume/Volume';
import { availability, enlarge, neighbourhoods, regionOnSlab, slabsWithRegion } from './slabs';

/** Two columns, one row, three slices; voxel value = base + 10 z + column. */
const volume = (base: number): Volume => ({
  dims: [2, 1, 3],
  indexToWorld: mat4.create(),
  data: Float32Array.from({ length: 6 }, (_, n) => base + 10 * Math.floor(n / 2) + (n % 2)),
});
const sources = new Map([['t2', volume(100)]]);

describe('slabsWithRegion', () => {
  it('takes the slices of the region alone', () => {
    const region = Uint8Array.from([0, 0, 1, 0, 0, 1, 0, 0, 1, 1]);
    expect(slabsWithRegion(region, 2, 2)).toEqual([[1, 2], [4]]);
    expect(slabsWithRegion(new Uint8Array(4), 2, 2)).toEqual([]);
  });
});

describe('neighbourhoods', () => {
  it('gives each slice with its neighbours, edges repeated, zeros where a role is absent', () => {
    const { dims, data } = neighbourhoods(sources, ['t1', 't2'], [0, 2], 2, 1);
    expect(dims).toEqual([2, 6, 1, 2]);
    const zeros = [0, 0, 0, 0, 0, 0];
    expect([...data]).toEqual([
      ...[...zeros, 100, 101, 100, 101, 110, 111],
      ...[...zeros, 110, 111, 120, 121, 120, 121],
    ]);
  });

  it('fills a short slab with its last slice', () => {
    const { data } = neighbourhoods(sources, ['t2'], [1], 2, 2);
    const one = [100, 101, 100, 101, 110, 111, 120, 121, 120, 121];
    expect([...data]).toEqual([...one, ...one]);
  });
});

describe('regionOnSlab', () => {
  it('has the region of each slice, the last repeated', () => {
    const region = Uint8Array.from([0, 0, 1, 0, 0, 1]);
    expect([...regionOnSlab(region, [1, 2], 3, 2)]).toEqual([1, 0, 0, 1, 0, 1]);
  });
});

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
