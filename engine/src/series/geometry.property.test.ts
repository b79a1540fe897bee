import fc from 'fast-check';
import { vec3 } from 'gl-matrix';
import { expect, it } from 'vitest';
import type { Dataset } from '../dicom/Dataset';
import { framesOf } from '../dicom/frames';
import { SynthesisError } from '../errors';
import { arbitraryGrid, between } from '../testing/arbitraryGrid';
import { enhanced } from '../testing/enhanced';
import { indexToWorld, type Point3, spacingOf, worldToIndex } from '../volume/Volume';
import { sortSlices } from './slices';
import { splitIntoStacks } from './stacks';

/** A tidy stack at any angle, its images in any order, and the grid they were cut from. */
const tidy = fc
  .integer({ min: 8, max: 24 })
  .chain(slices => arbitraryGrid([5, 4, slices]))
  .chain(grid => {
    const slices = grid.dims[2];
    const spacing = spacingOf(grid);
    const m = grid.indexToWorld;
    const direction = (c: number) => [0, 1, 2].map(r => m[4 * c + r] / spacing[c]);
    const images = Array.from({ length: slices }, (_, k) => ({
      instance: {
        Rows: 4,
        Columns: 5,
        PixelSpacing: [spacing[1], spacing[0]],
        ImageOrientationPatient: [...direction(0), ...direction(1)],
        ImagePositionPatient: indexToWorld(grid, [0, 0, k]),
        InstanceNumber: k + 1,
      } as Dataset,
    }));
    return fc.record({
      grid: fc.constant(grid),
      images: fc.shuffledSubarray(images, { minLength: slices, maxLength: slices }),
    });
  });

it('sorts any order of a stack onto the grid it was cut from, and back from world to index', () => {
  fc.assert(
    fc.property(tidy, fc.tuple(between(0, 4), between(0, 3), between(0, 7)), ({ grid, images }, index) => {
      const sorted = sortSlices(images, 'x');
      expect(sorted.slices.map(s => s.instance.InstanceNumber)).toEqual(images.map((_, k) => k + 1));
      const world = indexToWorld(sorted.grid, index as Point3);
      expect(vec3.distance(world, indexToWorld(grid, index as Point3))).toBeLessThan(0.01);
      const back = vec3.transformMat4([0, 0, 0], world, worldToIndex(sorted.grid));
      expect(vec3.distance(back, index as Point3)).toBeLessThan(0.01);
    }),
  );
});

it('takes echoes apart without losing or doubling an image', () => {
  fc.assert(
    fc.property(tidy, fc.integer({ min: 1, max: 4 }), ({ images }, echoes) => {
      const all = images.flatMap(({ instance }) =>
        Array.from({ length: echoes }, (_, e) => ({ instance: { ...instance, EchoTime: 10 * (e + 1) } })),
      );
      const stacks = splitIntoStacks(all);
      expect(stacks.map(s => s.images.length)).toEqual(Array(echoes).fill(images.length));
      expect(new Set(stacks.flatMap(s => s.images))).toEqual(new Set(all));
    }),
  );
});

it('lays the frames of an enhanced image where the single images lie', () => {
  fc.assert(
    fc.property(tidy, ({ images }) => {
      const single = images.map(({ instance }) => ({
        ...instance,
        PixelData: new Uint16Array([Number(instance.InstanceNumber)]).buffer,
      }));
      const whole: Dataset = enhanced(single);
      const frames = sortSlices(
        framesOf(whole).map(instance => ({ instance })),
        'x',
      );
      const slices = sortSlices(images, 'x');
      expect(frames.grid).toEqual(slices.grid);
      // The pixels of a frame are those of its image.
      const pixels = new Uint16Array(whole.PixelData as ArrayBuffer);
      expect(frames.slices.map(f => pixels[Number(f.instance.ReferencedFrameNumber) - 1])).toEqual(
        slices.slices.map(s => s.instance.InstanceNumber),
      );
    }),
  );
});

it('throws nothing but our own error, whatever the attributes hold', () => {
  const value = fc.oneof(
    fc.double(),
    fc.string(),
    fc.constantFrom(undefined, null, '', 0, -1, 1e30),
    fc.array(fc.oneof(fc.double(), fc.constantFrom(null, 'a', '0', 1)), { maxLength: 7 }),
  );
  const keywords = [
    'Rows',
    'PixelSpacing',
    'ImageOrientationPatient',
    'ImagePositionPatient',
    'NumberOfFrames',
    'EchoTime',
    'AcquisitionNumber',
    'RescaleSlope',
    'InstanceNumber',
  ];
  const changes = fc.array(fc.tuple(fc.nat(23), fc.constantFrom(...keywords), value), { maxLength: 4 });
  fc.assert(
    fc.property(tidy, changes, ({ images }, wrong) => {
      const broken = images.map((image, k) => ({
        instance: {
          ...image.instance,
          ...Object.fromEntries(wrong.filter(([at]) => at === k).map(([, key, v]) => [key, v])),
        },
      }));
      for (const stack of splitIntoStacks(broken)) {
        try {
          sortSlices(stack.images, 'x');
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(SynthesisError);
        }
      }
    }),
  );
});
