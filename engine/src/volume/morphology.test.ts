import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scattered } from '../testing/scattered';
import type { Mask } from './Mask';
import { dilate, erode, fillHolesBySlice, majorityFilter } from './morphology';
import type { Point3 } from './Volume';

const DIMS: Point3 = [7, 6, 5];

/** Whether any voxel with `value` lies within `radius` of each voxel. */
function reached(mask: Mask, value: number, radius: number, [nx, ny]: Point3): boolean[] {
  const at = (n: number) => [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
  return Array.from(mask, (_, n) => {
    const [i, j, k] = at(n);
    return mask.some((v, m) => {
      const [x, y, z] = at(m);
      return v === value && (x - i) ** 2 + (y - j) ** 2 + (z - k) ** 2 <= radius * radius;
    });
  });
}

const bruteDilate = (mask: Mask, r: number, dims = DIMS): Mask =>
  Uint8Array.from(reached(mask, 1, r, dims), v => (v ? 1 : 0));
const bruteErode = (mask: Mask, r: number, dims = DIMS): Mask =>
  Uint8Array.from(reached(mask, 0, r, dims), v => (v ? 0 : 1));

describe('dilate and erode', () => {
  it.each([0, 1, 1.5, 2, 3.2])('agree with brute force at radius %d', radius => {
    for (const seed of [1, 2, 3]) {
      const sparse = scattered(20, seed, DIMS);
      const dense = sparse.map(v => 1 - v);
      expect(dilate(sparse, DIMS, radius)).toEqual(bruteDilate(sparse, radius));
      expect(erode(dense, DIMS, radius)).toEqual(bruteErode(dense, radius));
    }
  });

  it('agree with brute force on boxes of one voxel across', () => {
    for (const dims of [
      [9, 1, 1],
      [1, 9, 1],
      [1, 1, 9],
      [3, 1, 4],
    ] as Point3[]) {
      const mask = scattered(3, 5, dims);
      expect(dilate(mask, dims, 1)).toEqual(bruteDilate(mask, 1, dims));
      expect(erode(mask, dims, 1)).toEqual(bruteErode(mask, 1, dims));
    }
  });

  it('keep empty and full masks', () => {
    const empty = new Uint8Array(210);
    const full = new Uint8Array(210).fill(1);
    expect(dilate(empty, DIMS, 3)).toEqual(empty);
    expect(erode(full, DIMS, 3)).toEqual(full);
    expect(erode(empty, DIMS, 3)).toEqual(empty);
    expect(dilate(full, DIMS, 3)).toEqual(full);
  });
});

describe('fillHolesBySlice', () => {
  const rows = (...lines: string[]) => Uint8Array.from(lines.join(''), c => Number(c));

  it('fills what does not reach the edge', () => {
    const ring = rows('000000', '011110', '010010', '011110', '000000');
    expect(fillHolesBySlice(ring, [6, 5, 1])).toEqual(rows('000000', '011110', '011110', '011110', '000000'));
  });

  it('leaves a bay that reaches the edge', () => {
    const bay = rows('01110', '01010', '01010');
    expect(fillHolesBySlice(bay, [5, 3, 1])).toEqual(bay);
  });

  it('treats every slice alone', () => {
    const ring = '111101111';
    const open = '111101101';
    expect(fillHolesBySlice(rows(ring, open, ring), [3, 3, 3])).toEqual(rows('111111111', open, '111111111'));
  });
});

describe('majority', () => {
  it('counts the cube around each voxel, repeating the outermost voxels', () => {
    const dims: Point3 = [7, 6, 9];
    const at = (i: number, j: number, k: number) => i + dims[0] * (j + dims[1] * k);
    const inside = (v: number, n: number) => Math.min(n - 1, Math.max(0, v));
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 378, maxLength: 378, max: 1 }),
        fc.integer({ min: 1, max: 3 }),
        (mask, reach) => {
          const found = majorityFilter(mask, dims, reach);
          const offsets = Array.from({ length: 2 * reach + 1 }, (_, n) => n - reach);
          for (let k = 0; k < dims[2]; k++) {
            for (let j = 0; j < dims[1]; j++) {
              for (let i = 0; i < dims[0]; i++) {
                let count = 0;
                for (const c of offsets) {
                  for (const b of offsets) {
                    for (const a of offsets) {
                      count +=
                        mask[at(inside(i + a, dims[0]), inside(j + b, dims[1]), inside(k + c, dims[2]))];
                    }
                  }
                }
                if (found[at(i, j, k)] !== (2 * count > offsets.length ** 3 ? 1 : 0)) return false;
              }
            }
          }
          return true;
        },
      ),
    );
  });
});
