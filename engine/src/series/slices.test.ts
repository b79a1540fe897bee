import { vec3 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import type { Dataset as Instance } from '../dicom/Dataset';
import { sortSlices } from './slices';

const ROW = [0.6, 0.8, 0];
const COLUMN = [-0.8, 0.6, 0];

/** Slices of 4 columns and 3 rows every 2.5 mm along the normal (0, 0, 1). */
function stack(slices: number, more: (k: number) => Instance = () => ({})): { instance: Instance }[] {
  return Array.from({ length: slices }, (_, k) => ({
    instance: {
      Rows: 3,
      Columns: 4,
      PixelSpacing: [0.75, 0.5],
      ImageOrientationPatient: [...ROW, ...COLUMN],
      ImagePositionPatient: [10, -20, 2.5 * k - 30],
      InstanceNumber: 2 * k + 1,
      ...more(k),
    },
  }));
}

const heights = (sorted: readonly { instance: Instance }[]) =>
  sorted.map(s => (s.instance.ImagePositionPatient as number[])[2]);

describe('sortSlices', () => {
  it('sorts along the normal, whatever the order given', () => {
    const given = stack(9);
    const expected = heights(given);
    const shuffled = [3, 0, 8, 1, 7, 2, 6, 5, 4].map(n => given[n]);
    expect(heights(sortSlices(shuffled, 'x').slices)).toEqual(expected);
    expect(heights(sortSlices([...given].reverse(), 'x').slices)).toEqual(expected);
    expect(shuffled[0]).toBe(given[3]);
  });

  it('places every voxel where DICOM does', () => {
    const { grid } = sortSlices(stack(9).reverse(), 'x');
    expect(grid.dims).toEqual([4, 3, 9]);
    // PS3.3 C.7.6.2.1.1: column index along the row cosines by the column spacing, which is the second value.
    const [i, j, k] = [3, 2, 5];
    const at = vec3.transformMat4([0, 0, 0], [i, j, k], grid.indexToWorld);
    for (const r of [0, 1, 2]) {
      const position = [10, -20, 2.5 * k - 30][r];
      expect(at[r]).toBeCloseTo(position + ROW[r] * 0.5 * i + COLUMN[r] * 0.75 * j, 4);
    }
  });

  it('steps along the positions of a sheared stack', () => {
    const { grid } = sortSlices(
      stack(8, k => ({ ImagePositionPatient: [10 + 0.3 * k, -20, 2.5 * k] })),
      'x',
    );
    const at = vec3.transformMat4([0, 0, 0], [0, 0, 7], grid.indexToWorld);
    for (const [r, v] of [12.1, -20, 17.5].entries()) expect(at[r]).toBeCloseTo(v, 4);
  });

  it('counts sagittal slices from right to left', () => {
    const sagittal = (k: number) => ({
      ImageOrientationPatient: [0, 1, 0, 0, 0, -1],
      ImagePositionPatient: [20 - 4 * k, 0, 0],
    });
    const { slices, grid } = sortSlices(stack(8, sagittal), 'x');
    // The normal of such a plane points to the right: x falls along the stack.
    const first = slices[0].instance.ImagePositionPatient as number[];
    const normalStep = grid.indexToWorld[8];
    expect([first[0], normalStep]).toEqual([20, -4]);
  });

  it('reads values that are text', () => {
    const text = (k: number) => ({
      PixelSpacing: '0.75\\0.5',
      ImageOrientationPatient: '1\\0\\0\\0\\1\\0',
      ImagePositionPatient: `0\\0\\${3 * k}`,
      Rows: '3',
      Columns: '4',
    });
    expect(sortSlices(stack(8, text), 'x').grid.dims).toEqual([4, 3, 8]);
  });

  it('bears rounding of positions', () => {
    const rounded = (k: number) => ({ ImagePositionPatient: [10, -20, 2.5 * k + (k % 2 ? 0.1 : -0.1)] });
    expect(sortSlices(stack(8, rounded), 'x').slices).toHaveLength(8);
  });

  it('takes the mean of orientations that are noisy, in any order', () => {
    const tilt = (degrees: number) => {
      const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      return [1, 0, 0, 0, c, s];
    };
    const noisy = stack(9, k => ({
      ImageOrientationPatient: tilt([0.2, 0, 0.1][k % 3]),
      ImagePositionPatient: [0, 0, 2 * k],
    }));
    for (const given of [noisy, [...noisy].reverse()]) {
      const { grid } = sortSlices(given, 'x');
      const [, , , , , , yz] = grid.indexToWorld;
      expect((Math.asin(yz / 0.75) * 180) / Math.PI).toBeCloseTo(0.1, 3);
    }
  });

  it('keeps the orientation of the first where images differ by rounding', () => {
    const rounded = stack(8, k => ({ ImageOrientationPatient: [0.6, 0.8, 0, -0.8, 0.6, k * 1e-4] }));
    expect(sortSlices(rounded, 'x').grid).toEqual(sortSlices(stack(8), 'x').grid);
  });
});

describe('sortSlices refuses', () => {
  const at = (n: number, change: Instance) => (k: number) => (k === n ? change : {});
  const positions = (position: (k: number) => number[]) => (k: number) => ({
    ImagePositionPatient: position(k),
  });
  const [x, y] = [0, 0];
  it.each([
    ['few images', stack(7), 'series/too-few-images(7, 8)'],
    ['one image', stack(1), 'series/too-few-images(1, 8)'],
    ['no images', [], 'series/too-few-images(0, 8)'],
    [
      'multi-frame images whose frames have no plane',
      stack(9, at(0, { NumberOfFrames: '20' })),
      'series/attribute-in(attribute/functional-groups, images/image(1))',
    ],
    [
      'no orientation',
      stack(9, () => ({ ImageOrientationPatient: undefined })),
      'series/attribute-in(attribute/no-orientation, images/images(1, 3, 5, 7, images/others(5)))',
    ],
    [
      'directions that are not perpendicular',
      stack(9, () => ({ ImageOrientationPatient: [1, 0, 0, 0.2, 0.98, 0] })),
      'series/attribute-in(attribute/orientation, images/images(1, 3, 5, 7, images/others(5)))',
    ],
    [
      'no spacing',
      stack(9, () => ({ PixelSpacing: undefined })),
      'series/attribute-in(attribute/pixel-spacing, images/images(1, 3, 5, 7, images/others(5)))',
    ],
    [
      'a UID that a writer would cut',
      stack(9, at(2, { StudyInstanceUID: `1.${'2345.'.repeat(20)}6` })),
      'series/attribute-in(attribute/uid-too-long("StudyInstanceUID"), images/image(5))',
    ],
    [
      'two sizes of one image',
      stack(9, at(2, { Rows: [3, 2] })),
      'series/attribute-in(attribute/rows-columns, images/image(5))',
    ],
    ['no size', stack(9, at(2, { Rows: 0 })), 'series/attribute-in(attribute/rows-columns, images/image(5))'],
    [
      'an empty slope',
      stack(9, at(2, { RescaleSlope: '0' })),
      'series/attribute-in(attribute/rescale-slope, images/image(5))',
    ],
    [
      'a missing position',
      stack(9, at(4, { ImagePositionPatient: undefined })),
      'series/attribute-in(attribute/no-position, images/image(9))',
    ],
    ['another size', stack(9, at(4, { Rows: 5 })), 'series/mixed-geometry(images/image(9))'],
    [
      'another orientation',
      stack(9, at(4, { ImageOrientationPatient: [1, 0, 0, 0, 1, 0] })),
      'series/mixed-geometry(images/image(9))',
    ],
    [
      'a position that comes twice',
      stack(
        9,
        positions(k => [x, y, k === 4 ? 3 : k]),
      ),
      'series/same-position(images/images(7, 9))',
    ],
    [
      'a gap',
      stack(
        24,
        positions(k => [x, y, k < 5 ? k : k + 1]),
      ),
      'series/slices-missing(1, images/images(9, 11))',
    ],
    [
      'gaps',
      stack(
        24,
        positions(k => [x, y, k < 5 ? k : k < 9 ? k + 1 : k + 3]),
      ),
      'series/slices-missing-first(3, images/images(9, 11))',
    ],
    [
      'uneven spacing',
      stack(
        24,
        positions(k => [x, y, k < 5 ? k : k + 0.4]),
      ),
      'series/uneven-spacing(images/images(9, 11))',
    ],
    [
      'a slice beside the others',
      stack(
        24,
        positions(k => [k === 6 ? 3 : 0, y, k]),
      ),
      'series/off-line(images/image(13))',
    ],
    [
      'spacing that drifts',
      stack(
        40,
        positions(k => [x, y, k + 0.002 * k * k]),
      ),
      'series/off-line(images/images(1, ',
    ],
    [
      'strong shear',
      stack(
        24,
        positions(k => [0.5 * k, y, k]),
      ),
      'series/sheared(27)',
    ],
    [
      'a stack of metres',
      stack(
        24,
        positions(k => [x, y, 50 * k]),
      ),
      'series/too-long',
    ],
    [
      'a position in another building',
      stack(
        9,
        positions(k => [x, 2e5, k]),
      ),
      'series/attribute-in(attribute/position-far, images/images(1, 3, 5, 7, images/others(5)))',
    ],
    [
      'too many voxels',
      stack(200, () => ({ Rows: 2000, Columns: 2000, PixelSpacing: [0.1, 0.1] })),
      'series/too-large("2000 x 2000 x 200", 800, 134)',
    ],
  ])('%s', (_, slices, fault) => {
    const sort = () => sortSlices(slices, 't1 mprage');
    expect(sort).toThrow(expect.objectContaining({ code: 'geometry-unsupported' }));
    expect(sort).toThrow(`series/unusable("t1 mprage", ${fault}`);
  });
});
