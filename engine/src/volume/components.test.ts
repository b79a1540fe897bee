import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestComponent } from './components';
import type { Mask } from './Mask';
import type { Point3 } from './Volume';

const DIMS: Point3 = [7, 6, 5];

/** The largest 6-connected component, the first of equals, by flooding from voxel to voxel. */
function flooded(mask: Mask, [nx, ny, nz]: Point3): Mask {
  const left = new Set([...mask.keys()].filter(at => mask[at]));
  let best: number[] = [];
  while (left.size > 0) {
    const piece: number[] = [];
    const waiting = [Math.min(...left)];
    left.delete(waiting[0]);
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      piece.push(at);
      const [i, j, k] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
      const steps: [boolean, number][] = [
        [i > 0, -1],
        [i < nx - 1, 1],
        [j > 0, -nx],
        [j < ny - 1, nx],
        [k > 0, -nx * ny],
        [k < nz - 1, nx * ny],
      ];
      for (const [inside, step] of steps) if (inside && left.delete(at + step)) waiting.push(at + step);
    }
    if (piece.length > best.length) best = piece;
  }
  const out = new Uint8Array(mask.length);
  for (const at of best) out[at] = 1;
  return out;
}

describe('largestComponent', () => {
  const mask = (dims: Point3, ...voxels: Point3[]) => {
    const out = new Uint8Array(dims[0] * dims[1] * dims[2]);
    for (const [i, j, k] of voxels) out[i + dims[0] * (j + dims[1] * k)] = 1;
    return out;
  };

  it('keeps the piece with the most voxels', () => {
    const small = [
      [0, 0, 0],
      [1, 0, 0],
    ] as Point3[];
    const large = [
      [4, 4, 1],
      [4, 4, 2],
      [4, 3, 2],
    ] as Point3[];
    expect(largestComponent(mask(DIMS, ...small, ...large), DIMS)).toEqual(mask(DIMS, ...large));
    expect(largestComponent(mask(DIMS, ...large, ...small, [2, 0, 0], [3, 0, 0]), DIMS)).toEqual(
      mask(DIMS, ...small, [2, 0, 0], [3, 0, 0]),
    );
  });

  it('does not join across an edge, a corner or the end of a row', () => {
    const dims: Point3 = [3, 3, 3];
    const pair = [
      [0, 2, 0],
      [0, 1, 0],
    ] as Point3[];
    for (const other of [
      [1, 0, 0],
      [1, 0, 1],
      [2, 0, 0],
      [2, 2, 1],
    ] as Point3[]) {
      expect(largestComponent(mask(dims, ...pair, other), dims)).toEqual(mask(dims, ...pair));
    }
  });

  it('joins along every axis', () => {
    const cross = [
      [1, 1, 1],
      [0, 1, 1],
      [2, 1, 1],
      [1, 0, 1],
      [1, 2, 1],
      [1, 1, 0],
      [1, 1, 2],
    ] as Point3[];
    expect(largestComponent(mask([3, 3, 3], ...cross), [3, 3, 3])).toEqual(mask([3, 3, 3], ...cross));
  });

  it('is empty when the mask is', () => {
    expect(largestComponent(new Uint8Array(210), DIMS)).toEqual(new Uint8Array(210));
  });

  it('finds what flooding finds', () => {
    const dims: Point3 = [6, 5, 4];
    const voxels = fc.uint8Array({ minLength: 120, maxLength: 120, max: 1 });
    fc.assert(
      fc.property(voxels, drawn => {
        expect(largestComponent(drawn, dims)).toEqual(flooded(drawn, dims));
      }),
    );
  });
});
