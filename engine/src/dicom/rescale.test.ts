import { describe, expect, it } from 'vitest';
import type { Dataset } from './Dataset';
import { rescale, setBackground } from './rescale';

function read(pixels: readonly number[], instance: Dataset): number[] {
  const out = new Float32Array(pixels.length);
  rescale(pixels, instance, out);
  setBackground(out, [instance]);
  return [...out];
}

describe('stored pixels', () => {
  it.each([
    ['without overlays above the bits stored', [0x1005, 7, 0xf001], { BitsStored: 12 }, [5, 7, 1]],
    ['with a sign', [0x1fff, 0x0801, 7], { BitsStored: 12, PixelRepresentation: 1 }, [-1, -2047, 7]],
    ['rescaled', [1, 2], { RescaleSlope: 0.5, RescaleIntercept: -10 }, [-9.5, -9]],
    [
      'with padding below zero',
      [-2000, 0, 9],
      { PixelPaddingValue: -2000, PixelRepresentation: 1 },
      [0, 0, 9],
    ],
    ['with padding above all', [65535, 3, 900], { PixelPaddingValue: 65535, BitsStored: 16 }, [0, 3, 900]],
    [
      'with a range of padding, in either order',
      [-2000, -1500, 0, 9],
      { PixelPaddingValue: -1000, PixelPaddingRangeLimit: -2000 },
      [0, 0, 0, 9],
    ],
    [
      'with signed padding that an implicit file calls unsigned',
      [-2000, 0, 9],
      { PixelPaddingValue: 63536, BitsStored: 16, PixelRepresentation: 1 },
      [0, 0, 9],
    ],
    [
      'with padding that the intercept would raise',
      [-2000, 0, 9],
      { PixelPaddingValue: -2000, RescaleIntercept: -5 },
      [-5, -5, 4],
    ],
    ['of padding alone', [7, 7], { PixelPaddingValue: 7 }, [0, 0]],
    ['raised by 32768', [32768, 32770, 37102], {}, [0, 2, 4334]],
    ['lowered by 32768', [-32768, -32766, -28434], { PixelRepresentation: 1 }, [0, 2, 4334]],
    [
      'raised, where the header says otherwise',
      [1000, 1010, 5000],
      { SmallestImagePixelValue: 0 },
      [0, 10, 4000],
    ],
    ['without air', [1000, 1010, 5000], {}, [1000, 1010, 5000]],
    ['raised on purpose', [0, 2, 9], { RescaleIntercept: 100 }, [100, 102, 109]],
    ['of one value', [7, 7], {}, [7, 7]],
  ])('%s', (_, pixels, instance, values) => {
    expect(read(pixels, instance)).toEqual(values);
  });

  it('say which offset was taken away', () => {
    const offset = (values: readonly number[]) => setBackground(Float32Array.from(values), [{}]);
    expect([
      offset([32768, 37102]),
      offset([-32768, -28434]),
      offset([0, 9]),
      offset([Number.NaN, 0, 9]),
    ]).toEqual([32768, -32768, 0, 0]);
  });
});
