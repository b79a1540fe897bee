import { describe, expect, it } from 'vitest';
import { mulberry32 } from './mulberry32';

describe('mulberry32', () => {
  it('is mulberry32', () => {
    // The published generator as its author wrote it.
    let a = 7;
    const published = () => {
      a += 0x6d2b79f5;
      let t = a;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    const uniform = mulberry32(7);
    for (let i = 0; i < 1000; i++) expect(uniform()).toBe(published());
  });

  it('stays in [0, 1) with mean one half', () => {
    const uniform = mulberry32(1);
    const values = Array.from({ length: 20000 }, uniform);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(values.reduce((s, v) => s + v, 0) / values.length).toBeCloseTo(0.5, 1);
  });

  it('depends on the seed only', () => {
    const first = (seed: number) => mulberry32(seed)();
    expect(first(3)).toBe(first(3));
    expect(new Set([0, 1, 2, 3, 0x7fffffff].map(first)).size).toBe(5);
  });
});
