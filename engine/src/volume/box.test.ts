import { describe, expect, it } from 'vitest';
import { gridOfSteps } from '../testing/linear';
import { scattered } from '../testing/scattered';
import { boundingBox, bounds, crop, inBoundingBox } from './box';
import { dilate } from './morphology';
import { indexToWorld, type Point3 } from './Volume';

const DIMS: Point3 = [7, 6, 5];

describe('inBoundingBox', () => {
  it('gives the same result as on the whole volume', () => {
    for (const seed of [1, 2, 3, 4]) {
      const mask = scattered(90, seed, DIMS);
      expect(inBoundingBox(mask, DIMS, 1, (cropped, box) => dilate(cropped, box, 1))).toEqual(
        dilate(mask, DIMS, 1),
      );
      expect(inBoundingBox(mask, DIMS, 0, (_, __, crop) => crop(mask))).toEqual(mask);
    }
  });

  it('leaves an empty mask empty', () => {
    const empty = new Uint8Array(210);
    expect(inBoundingBox(empty, DIMS, 2, cropped => cropped)).toEqual(empty);
  });
});

describe('crop', () => {
  it('keeps values where they were in space', () => {
    const volume = {
      ...gridOfSteps(DIMS, [0, -2, 0.5], [3, 0, 0], [0, 1, 4]),
      data: Float32Array.from({ length: 210 }, (_, n) => n),
    };
    const mask = new Uint8Array(210);
    mask[3 + 7 * (2 + 6 * 1)] = 1;
    mask[4 + 7 * (5 + 6 * 2)] = 1;
    const box = boundingBox(mask, DIMS, 1);
    expect(box).toEqual({ first: [2, 1, 0], dims: [4, 5, 4] });
    const cropped = crop(volume, box);
    expect(cropped.dims).toEqual(box.dims);
    expect(cropped.data[1 + 4 * (2 + 5 * 3)]).toBe(volume.data[3 + 7 * (3 + 6 * 3)]);
    expect(indexToWorld(cropped, [1, 2, 3])).toEqual(indexToWorld(volume, [3, 3, 3]));
  });
});

it('bounds hold the first and last voxel along each axis', () => {
  const mask = new Uint8Array(210);
  for (const [i, j, k] of [
    [2, 3, 1],
    [5, 0, 4],
  ])
    mask[i + 7 * (j + 6 * k)] = 1;
  expect(bounds(mask, DIMS)).toEqual([
    [2, 0, 1],
    [5, 3, 4],
  ]);
});
