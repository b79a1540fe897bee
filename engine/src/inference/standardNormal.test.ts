import { describe, expect, it } from 'vitest';
import { mulberry32 } from './mulberry32';
import { standardNormal } from './standardNormal';

describe('standardNormal', () => {
  it('has the moments of a standard normal', () => {
    const n = 40000;
    const values = standardNormal(mulberry32(5), n);
    const moment = (p: number) => values.reduce((s, v) => s + v ** p, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(0.03);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.05);
    expect(Math.abs(moment(3))).toBeLessThan(0.1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.25);
  });

  it('gives as many values as asked, odd counts too', () => {
    const six = standardNormal(mulberry32(5), 6);
    expect(standardNormal(mulberry32(5), 5)).toEqual(six.slice(0, 5));
    expect(standardNormal(mulberry32(5), 0)).toHaveLength(0);
  });

  it('takes a pair from two uniforms', () => {
    const given = [0.75, 0.125];
    const [a, b] = standardNormal(() => given.shift()!, 2);
    const radius = Math.sqrt(-2 * Math.log(0.25));
    expect(a).toBeCloseTo(radius * Math.SQRT1_2, 6);
    expect(b).toBeCloseTo(radius * Math.SQRT1_2, 6);
  });

  it('is finite at the ends of the uniforms', () => {
    expect(
      [...standardNormal(() => 0, 2), ...standardNormal(() => 1 - 2 ** -32, 2)].every(Number.isFinite),
    ).toBe(true);
  });
});
