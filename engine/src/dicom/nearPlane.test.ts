import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { referenceInstances } from '../testing/reference';
import { imagesNear } from './nearPlane';

/** 40 images, 2.5 mm apart, and their numbers. */
const stack = referenceInstances(40);
const numbers = (near: typeof stack) => near.map(image => stack.indexOf(image));
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('imagesNear', () => {
  it('are those within 10 mm and a spacing of the plane', () => {
    const near = imagesNear(stack);
    expect(numbers(near(stack[20]))).toEqual(range(15, 25));
    expect(numbers(near(stack[0]))).toEqual(range(0, 5));
  });

  it('are found in any order', () => {
    expect(new Set(numbers(imagesNear([...stack].reverse())(stack[20])))).toEqual(new Set(range(15, 25)));
  });

  it('lie where registration moves them', () => {
    const moved = mat4.fromTranslation(mat4.create(), [0, 0, 25]);
    expect(numbers(imagesNear(stack, [...moved])(stack[20]))).toEqual(range(5, 15));
    const turned = mat4.fromXRotation(mat4.create(), Math.PI / 2);
    expect(numbers(imagesNear(stack, [...turned])(stack[30]))).toEqual([]);
  });

  it('are all that cross the plane, of a source across it', () => {
    // Sagittal images of 100 x 100 mm through the axial planes.
    const sagittal = Array.from({ length: 8 }, (_, k) => ({
      ...stack[0],
      ImageOrientationPatient: [0, 1, 0, 0, 0, -1],
      ImagePositionPatient: [5 * k, -50, 50],
      PixelSpacing: [1, 1],
      Rows: 100,
      Columns: 100,
    }));
    const near = imagesNear(sagittal);
    expect(near(stack[20])).toEqual(sagittal);
    const above = { ...stack[0], ImagePositionPatient: [0, 0, 80] };
    expect(near(above)).toEqual([]);
  });
});
