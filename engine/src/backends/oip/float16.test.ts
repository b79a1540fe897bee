import { describe, expect, it } from 'vitest';
import { fromFloat16, toFloat16 } from './float16';

// Bits by IEEE 754-2008, 3.6: sign 1, exponent 5, fraction 10.
const KNOWN: readonly (readonly [value: number, half: number])[] = [
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [1.275, 0x3d1a],
  [65504, 0x7bff],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [1023 * 2 ** -24, 0x03ff],
  [Number.POSITIVE_INFINITY, 0x7c00],
  [Number.NEGATIVE_INFINITY, 0xfc00],
];
const half = (value: number) => toFloat16(Float32Array.of(value))[0];

describe('float16', () => {
  it.each(KNOWN)('%f', (value, bits) => {
    expect(half(value)).toBe(bits);
    expect(fromFloat16(Uint16Array.of(bits))[0]).toBeCloseTo(value, 3);
  });

  it('rounds to the nearest, ties to even', () => {
    expect(half(1 + 2 ** -11)).toBe(0x3c00);
    expect(half(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(half(1 + 2 ** -11 + 2 ** -20)).toBe(0x3c01);
    expect(half(65519)).toBe(0x7bff);
    expect(half(65520)).toBe(0x7c00);
    expect(half(2 ** -25)).toBe(0x0000);
    expect(half(3 * 2 ** -25)).toBe(0x0002);
  });

  it('keeps what is not a number', () => {
    expect(fromFloat16(toFloat16(Float32Array.of(Number.NaN)))[0]).toBeNaN();
  });

  it('brings back every half', () => {
    const all = Uint16Array.from({ length: 0x7c00 }, (_, n) => n);
    expect(toFloat16(fromFloat16(all))).toEqual(all);
  });
});
