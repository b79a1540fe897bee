import { expect, it } from 'vitest';
import { colourIndex, pixelTable } from './colourScale';

/** Red, green, blue, alpha of each row. */
function rows(opacity: number): number[][] {
  const bytes = new Uint8Array(pixelTable(opacity).buffer);
  return Array.from({ length: bytes.length / 4 }, (_, n) => [...bytes.subarray(4 * n, 4 * n + 4)]);
}

/** Relative luminance (WCAG 2.1). */
const luminance = ([r, g, b]: number[]) =>
  [r, g, b]
    .map(v => v / 255)
    .map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);

it('runs from the first colour to the last, brighter and brighter', () => {
  const table = rows(1);
  expect(table).toHaveLength(256);
  expect(table[0]).toEqual([0x0d, 0x08, 0x87, 255]);
  expect(table[255]).toEqual([0xf0, 0xf9, 0x21, 255]);
  for (let n = 5; n < 256; n += 5) expect(luminance(table[n])).toBeGreaterThan(luminance(table[n - 5]));
});

it('has the opacity in every row', () => {
  expect(new Set(rows(0.4).map(row => row[3]))).toEqual(new Set([102]));
});

it('is linear from 0 to the upper end, and keeps to its ends beyond', () => {
  expect([0, 5, 10].map(value => colourIndex(value, 10))).toEqual([0, 128, 255]);
  expect([-1, 11, 1000].map(value => colourIndex(value, 10))).toEqual([0, 255, 255]);
});
