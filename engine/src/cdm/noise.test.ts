import { describe, expect, it } from 'vitest';
import { normals, uniforms } from './noise';

describe('uniforms', () => {
  it('is mulberry32', () => {
    // The published generator, written as its author did.
    let a = 7;
    const published = () => {
      a += 0x6d2b79f5;
      let t = a;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
    const uniform = uniforms(7);
    for (let i = 0; i < 1000; i++) expect(uniform()).toBe(published());
  });

  it('stays in [0, 1) with mean one half', () => {
    const uniform = uniforms(1);
    const values = Array.from({ length: 20000 }, uniform);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(values.reduce((s, v) => s + v, 0) / values.length).toBeCloseTo(0.5, 1);
  });

  it('depends on the seed only', () => {
    const first = (seed: number) => uniforms(seed)();
    expect(first(3)).toBe(first(3));
    expect(new Set([0, 1, 2, 3, 0x7fffffff].map(first)).size).toBe(5);
  });
});

describe('normals', () => {
  it('has the moments of a standard normal', () => {
    const n = 40000;
    const values = normals(uniforms(5), n);
    const moment = (p: number) => values.reduce((s, v) => s + v ** p, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(0.03);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.05);
    expect(Math.abs(moment(3))).toBeLessThan(0.1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.25);
  });

  it('gives as many values as asked, odd counts too', () => {
    const six = normals(uniforms(5), 6);
    expect(normals(uniforms(5), 5)).toEqual(six.slice(0, 5));
    expect(normals(uniforms(5), 0)).toHaveLength(0);
  });

  it('takes a pair from two uniforms', () => {
    const given = [0.75, 0.125];
    const [a, b] = normals(() => given.shift()!, 2);
    const radius = Math.sqrt(-2 * Math.log(0.25));
    expect(a).toBeCloseTo(radius * Math.SQRT1_2, 6);
    expect(b).toBeCloseTo(radius * Math.SQRT1_2, 6);
  });

  it('is finite at the ends of the uniforms', () => {
    expect([...normals(() => 0, 2), ...normals(() => 1 - 2 ** -32, 2)].every(Number.isFinite)).toBe(true);
  });
});
