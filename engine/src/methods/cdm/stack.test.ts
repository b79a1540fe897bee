import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import type { RoleId } from '../../domains/Role';
import type { Volume } from '../../volume/Volume';
import { neighbourSlices, roleFlags, slabs, stackSlices } from './stack';

const CONTRASTS: RoleId[] = ['t1', 't1ce', 't2'];

/** Three columns, two rows, four slices; voxel value = base + 10 z + index in the plane. */
const volume = (base: number): Volume => ({
  dims: [3, 2, 4],
  indexToWorld: mat4.create(),
  data: Float32Array.from({ length: 24 }, (_, n) => base + 10 * Math.floor(n / 6) + (n % 6)),
});
const plane = (start: number) => [0, 1, 2, 3, 4, 5].map(n => start + n);

describe('neighbourSlices', () => {
  it('gives the slice between its neighbours as [slab, 3, rows, columns]', () => {
    const { dims, data } = neighbourSlices(volume(0), [1, 2], 2);
    expect(dims).toEqual([2, 3, 2, 3]);
    expect([...data]).toEqual([0, 10, 20, 10, 20, 30].flatMap(plane));
  });

  it('repeats the edge slices', () => {
    expect([...neighbourSlices(volume(0), [0, 3], 2).data]).toEqual([0, 0, 10, 20, 30, 30].flatMap(plane));
  });

  it('pads a short slab with its last slice', () => {
    expect([...neighbourSlices(volume(0), [1], 2).data]).toEqual([0, 10, 20, 0, 10, 20].flatMap(plane));
  });

  it('takes slices that are not neighbours', () => {
    expect([...neighbourSlices(volume(0), [3, 1], 2).data]).toEqual([20, 30, 30, 0, 10, 20].flatMap(plane));
  });
});

describe('stackSlices', () => {
  it('puts contrasts in the order of the bundle and zeros where one is absent', () => {
    const stack = new Map<RoleId, Volume>([
      ['t2', volume(200)],
      ['t1', volume(100)],
    ]);
    const { dims, data } = stackSlices(stack, CONTRASTS, [1, 2], 2);
    expect(dims).toEqual([2, 9, 2, 3]);
    const zeros = Array(18).fill(0);
    expect([...data]).toEqual([
      ...[100, 110, 120].flatMap(plane),
      ...zeros,
      ...[200, 210, 220].flatMap(plane),
      ...[110, 120, 130].flatMap(plane),
      ...zeros,
      ...[210, 220, 230].flatMap(plane),
    ]);
  });
});

describe('contrastFlags', () => {
  it('flags the set in every slice', () => {
    const { dims, data } = roleFlags(CONTRASTS, new Set<RoleId>(['t2', 't1']), 2);
    expect(dims).toEqual([2, 3]);
    expect([...data]).toEqual([1, 0, 1, 1, 0, 1]);
  });
});

describe('slabs', () => {
  it('cuts a list into pieces', () => {
    expect(slabs([0, 4, 8, 9, 11], 2)).toEqual([[0, 4], [8, 9], [11]]);
    expect(slabs([1, 2], 2)).toEqual([[1, 2]]);
    expect(slabs([], 2)).toEqual([]);
  });
});
