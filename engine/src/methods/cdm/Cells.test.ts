import { describe, expect, it } from 'vitest';
import type { Point3 } from '../../volume/Volume';
import { Cells } from './Cells';

const RULE = { slices: 2, pixels: 4, least_share: 0.25 };
const SIZE: Point3 = [8, 8, 6];
const PLANE = 64;
const everywhere = new Uint8Array(PLANE * 6).fill(1);
/** The value of a voxel is its slice. */
const slices = Float32Array.from({ length: PLANE * 6 }, (_, at) => Math.floor(at / PLANE));

describe('Cells', () => {
  it('takes the means over the region, where there is enough of it', () => {
    const region = everywhere.slice();
    // Of the first cell only three voxels, of the second only the upper slice.
    for (let j = 0; j < 4; j++) for (let i = 0; i < 8; i++) region[j * 8 + i] = 0;
    for (let j = 0; j < 4; j++)
      for (let i = 0; i < 4; i++) region[PLANE + j * 8 + i] = j === 0 && i < 3 ? 1 : 0;
    const cells = new Cells(SIZE, region, RULE);
    expect(cells.dims).toEqual([2, 2, 3]);
    expect([...cells.meansOf(slices)]).toEqual([
      0,
      1,
      0.5,
      0.5,
      ...Array(4).fill(2.5),
      ...Array(4).fill(4.5),
    ]);
    expect([...cells.valid]).toEqual([0, ...Array(11).fill(1)]);
  });

  it('counts the slices of a thick reference as all of the region', () => {
    const thick = everywhere.map((_, at) => (Math.floor(at / PLANE) % 5 === 0 ? 1 : 0));
    const rule = { ...RULE, least_share: 0.6 };
    expect([...new Cells(SIZE, thick, rule).valid]).toEqual([
      ...Array(4).fill(1),
      ...Array(4).fill(0),
      ...Array(4).fill(1),
    ]);
  });

  it('gives voxels a constant unchanged, in the region alone', () => {
    const region = everywhere.slice().fill(0, 0, PLANE);
    const cells = new Cells(SIZE, region, RULE);
    const volume = new Float32Array(region.length).fill(1);
    cells.addTo(volume, cells.blank().fill(3));
    for (const [at, value] of volume.entries()) expect(value).toBeCloseTo(region[at] ? 4 : 1, 5);
  });

  it('keeps the means of the cells to a few per cent', () => {
    const cells = new Cells([32, 32, 8], new Uint8Array(32 * 32 * 8).fill(1), RULE);
    const values = cells.blank().map((_, n) => Math.sin(n));
    const volume = new Float32Array(32 * 32 * 8);
    cells.addTo(volume, values);
    const off = cells.meansOf(volume).map((v, n) => Math.abs(v - values[n]));
    expect(off.reduce((sum, v) => sum + v, 0) / off.length).toBeLessThan(0.1);
  });
});
