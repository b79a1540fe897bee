import type { Dataset, Point3 } from '@modality-synthesis/engine';
import { describe, expect, it } from 'vitest';
import { distanceTo, imageAt, nearestImage, planeOf } from './slicePosition';

const AXIAL = [1, 0, 0, 0, 1, 0];
const CORONAL = [1, 0, 0, 0, 0, -1];

/** Axial images at these positions along z, mm. */
const axial = (...z: number[]): Dataset[] =>
  z.map(at => ({ ImagePositionPatient: [-100, -120, at], ImageOrientationPatient: AXIAL }));
const at = (z: number, normal: Point3 = [0, 0, 1]) => ({ position: [30, 40, z] as Point3, normal });

describe('planeOf', () => {
  it('reads header values as numbers or as text', () => {
    const plane = planeOf({ ImagePositionPatient: ['1', '2', '3'], ImageOrientationPatient: CORONAL });
    expect(plane?.position).toEqual([1, 2, 3]);
    expect(plane?.normal.map(v => v + 0)).toEqual([0, 1, 0]);
  });
  it('is undefined without position or orientation', () => {
    expect(planeOf({ ImageOrientationPatient: AXIAL })).toBeUndefined();
    expect(planeOf({ ImagePositionPatient: [0, 0, 0] })).toBeUndefined();
  });
});

it('measures the distance along the normal, wherever in the plane', () => {
  expect(distanceTo(at(10), [-500, 700, 7])).toBe(-3);
});

describe('nearestImage', () => {
  it('does not depend on the order of the images', () => {
    expect(nearestImage(axial(0, 5, 10), [0, 0, 7])).toBe(1);
    expect(nearestImage(axial(10, 5, 0), [0, 0, 9])).toBe(0);
  });
  it('takes the last image for a position beyond it', () => {
    expect(nearestImage(axial(0, 5, 10), [0, 0, 400])).toBe(2);
  });
  it('knows no image without a header', () => {
    expect(nearestImage([{}], [0, 0, 0])).toBeUndefined();
  });
});

describe('imageAt', () => {
  const images = axial(0, 5, 10, 15);

  it('finds every image of the same grid at its own position', () => {
    expect(images.map((_, n) => imageAt(images, at(5 * n)))).toEqual([0, 1, 2, 3]);
  });
  it('takes the nearest of another grid, up to half a spacing', () => {
    expect(imageAt(images, at(7.4))).toBe(1);
    expect(imageAt(images, at(7.6))).toBe(2);
    expect(imageAt(images, at(17.5))).toBe(3);
  });
  it('finds none further away', () => {
    expect(imageAt(images, at(17.6))).toBeUndefined();
    expect(imageAt(images, at(-2.6))).toBeUndefined();
  });
  it('finds none in a gap of missing images', () => {
    const missing = axial(0, 5, 20, 25);
    expect(imageAt(missing, at(7))).toBe(1);
    expect(imageAt(missing, at(12))).toBeUndefined();
  });
  it('finds none for a plane of another orientation', () => {
    expect(imageAt(images, at(5, [0, 1, 0]))).toBeUndefined();
    expect(imageAt(images, at(5, [0, Math.sin(0.01), Math.cos(0.01)]))).toBeUndefined();
  });
  it('accepts a plane seen from behind and one turned by rounding', () => {
    expect(imageAt(images, at(5, [0, 0, -1]))).toBe(1);
    expect(imageAt(images, at(5, [0, Math.sin(0.002), Math.cos(0.002)]))).toBe(1);
  });
  it('takes a single image within half its thickness', () => {
    const [only] = axial(5);
    expect(imageAt([{ ...only, SliceThickness: 4 }], at(6.9))).toBe(0);
    expect(imageAt([{ ...only, SliceThickness: 4 }], at(7.1))).toBeUndefined();
    expect(imageAt([only], at(5))).toBe(0);
  });
});
