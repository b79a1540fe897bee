import type { Dataset } from '@modality-synthesis/engine';
import { expect, it } from 'vitest';
import { linkedImage, type ShownStack } from './linkedImage';

/** Images of 100 x 100 mm around the axis, turned about the left-right axis. */
function stack(spacing: number, index: number, degrees = 0, FrameOfReferenceUID = '1'): ShownStack {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const images = Array.from({ length: 41 }, (_, n): Dataset => {
    const along = (n - 20) * spacing;
    return {
      FrameOfReferenceUID,
      Rows: 101,
      Columns: 101,
      PixelSpacing: [1, 1],
      ImageOrientationPatient: [1, 0, 0, 0, cos, sin],
      ImagePositionPatient: [-50, -50 * cos - along * sin, -50 * sin + along * cos],
    };
  });
  return { images, index };
}

it('moves a stack of the same grid to the same image', () => {
  expect(linkedImage(stack(5, 23), stack(5, 20))).toBe(23);
});
it('leaves a stack that is there', () => {
  expect(linkedImage(stack(5, 23), stack(5, 23))).toBeUndefined();
});
it('moves a stack of another spacing to the nearest position', () => {
  expect(linkedImage(stack(5, 22), stack(1, 20))).toBe(30);
  expect(linkedImage(stack(1, 29), stack(5, 20))).toBe(22);
});
it('leaves thin slices inside a thick one where they are', () => {
  expect(linkedImage(stack(5, 22), stack(1, 32))).toBeUndefined();
  expect(linkedImage(stack(5, 22), stack(1, 33))).toBe(30);
});
it('goes by the middle of tilted images, not by their corners', () => {
  expect(linkedImage(stack(5, 24), stack(5, 20, 20))).toBe(24);
});
it('does not link different spaces', () => {
  expect(linkedImage(stack(5, 23), stack(5, 20, 0, '2'))).toBeUndefined();
});
