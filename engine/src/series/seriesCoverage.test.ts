import { describe, expect, it } from 'vitest';
import type { Dataset } from '../dicom/Dataset';
import { coverageOf } from './seriesCoverage';

const slice = (z: number, more: Dataset = {}): Dataset => ({
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  ImagePositionPatient: [-100, -120, z],
  PixelSpacing: [0.5, 1],
  Rows: 480,
  Columns: 200,
  ...more,
});

describe('coverageOf', () => {
  it('measures an axial series', () => {
    expect(coverageOf([slice(12), slice(0), slice(6)])).toEqual({
      normal: [0, 0, 1],
      along: 18,
      inPlane: 200,
      sliceSpacing: 6,
      missing: 0,
    });
  });

  it('counts what is missing between the first slice and the last', () => {
    expect(coverageOf([0, 3, 6, 15, 18, 21].map(z => slice(z)))).toMatchObject({
      sliceSpacing: 3,
      missing: 2,
    });
  });

  it('counts a place once, however many images lie there', () => {
    expect(coverageOf([0, 0, 5, 5, 10, 10].map(z => slice(z)))).toMatchObject({
      along: 15,
      sliceSpacing: 5,
      missing: 0,
    });
  });

  it('follows an oblique normal', () => {
    const oblique = { ImageOrientationPatient: [1, 0, 0, 0, 0.8, 0.6] };
    const at = (k: number) => slice(0, { ...oblique, ImagePositionPatient: [0, -0.6 * 4 * k, 0.8 * 4 * k] });
    expect(coverageOf([at(0), at(1), at(2)])?.along).toBeCloseTo(12);
  });

  it('takes the spacing of one image from its headers', () => {
    expect(coverageOf([slice(0, { SpacingBetweenSlices: 5.5 })])).toMatchObject({
      along: 5.5,
      sliceSpacing: 5.5,
    });
  });

  it.each(['ImageOrientationPatient', 'ImagePositionPatient', 'PixelSpacing', 'Rows'])(
    'needs %s',
    keyword => {
      expect(coverageOf([slice(0, { [keyword]: undefined })])).toBeNull();
    },
  );

  it.each([
    ['a negative size', { Rows: -1 }],
    ['a negative spacing', { PixelSpacing: [-0.5, 1] }],
    ['directions without an end', { ImageOrientationPatient: [1e308, 0, 0, 0, 1e308, 0] }],
  ])('knows none of %s', (_, wrong) => {
    expect(coverageOf([slice(0, wrong), slice(5, wrong)])).toBeNull();
  });

  it('knows none of places without an end', () => {
    expect(coverageOf([slice(-1e308), slice(1e308)])).toBeNull();
  });
});
