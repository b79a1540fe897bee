import fc from 'fast-check';
import { vec3 } from 'gl-matrix';
import { expect, it } from 'vitest';
import type { Dataset } from '../dicom/Dataset';
import { SynthesisError } from '../errors';
import { turnedGrid } from '../testing/linear';
import { indexToWorld, type Point3, worldToIndex } from '../volume/Volume';
import { sortSlices } from './slices';
import { splitIntoStacks } from './stacks';

const RUNS = { numRuns: 10_000 };
const mm = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const axis = fc
  .tuple(mm(-1, 1), mm(-1, 1), mm(-1, 1))
  .filter(v => Math.hypot(...v) > 0.1) as fc.Arbitrary<Point3>;

/** A tidy stack at any angle, its images in any order, and the grid they were cut from. */
const tidy = fc
  .tuple(
    fc.integer({ min: 8, max: 24 }),
    fc.tuple(mm(0.2, 5), mm(0.2, 5), mm(0.5, 10)),
    fc.tuple(mm(-200, 200), mm(-200, 200), mm(-200, 200)),
    mm(0, 6.3),
    axis,
  )
  .chain(([slices, spacing, origin, angle, about]) => {
    const grid = turnedGrid([5, 4, slices], spacing, origin, angle, about);
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
    fc.property(tidy, fc.tuple(mm(0, 4), mm(0, 3), mm(0, 7)), ({ grid, images }, index) => {
      const sorted = sortSlices(images, 'x');
      expect(sorted.slices.map(s => s.instance.InstanceNumber)).toEqual(images.map((_, k) => k + 1));
      const world = indexToWorld(sorted.grid, index as Point3);
      expect(vec3.distance(world, indexToWorld(grid, index as Point3))).toBeLessThan(0.01);
      const back = vec3.transformMat4([0, 0, 0], world, worldToIndex(sorted.grid));
      expect(vec3.distance(back, index as Point3)).toBeLessThan(0.01);
    }),
    RUNS,
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
    RUNS,
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
    RUNS,
  );
});
