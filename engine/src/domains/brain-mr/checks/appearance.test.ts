import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../../inference/mulberry32';
import { coded } from '../../../testing/coded';
import { gridOfSteps, sampled } from '../../../testing/linear';
import { phantomValue } from '../../../testing/phantomStudy';
import type { Point3, Volume } from '../../../volume/Volume';
import { ROLE_IDS } from '../roles';
import { appearanceOf, otherKind } from './appearance';

/** Axial, 3 mm and 5 mm: 240 mm wide, and as wide as the head. */
const wide = gridOfSteps([80, 80, 34], [3, 0, 0], [0, 3, 0], [0, 0, 5], [-120, -120, -82]);
const narrow = gridOfSteps([54, 66, 34], [3, 0, 0], [0, 3, 0], [0, 0, 5], [-80, -98, -82]);
/** Sagittal, from the vertex down to the neck. */
const sagittal = gridOfSteps([80, 80, 40], [0, 3, 0], [0, 0, -3], [4, 0, 0], [-78, -120, 95]);

const head = (role: string) => (p: Point3) => phantomValue({ role, dims: wide.dims, spacing: [3, 3, 5] }, p);
const t1 = head('t1');
const inHead = (p: Point3) => t1(p) > 0;
/** Between -0.5 and 0.5. */
const noise = () => {
  const random = mulberry32(1);
  return () => random() - 0.5;
};
const wrapped = ([x, y, z]: Point3) => {
  const turns = 0.011 * x + 0.007 * y + 0.004 * z;
  return turns - Math.round(turns);
};
const seen = (volume: Volume) => coded(otherKind(appearanceOf(volume)));

describe('what an image looks like', () => {
  it.each(ROLE_IDS)('is nothing else for a magnitude image: %s', role => {
    for (const grid of [wide, narrow, sagittal]) expect(seen(sampled(grid, head(role)))).toBeNull();
    const add = noise();
    // Noise at a tenth of the brain, as at low field.
    expect(seen(sampled(wide, p => Math.abs(head(role)(p) + 100 * add())))).toBeNull();
  });

  it.each([
    ['wide', wide],
    ['as wide as the head', narrow],
    ['sagittal', sagittal],
  ])('is a phase, signed or not: %s', (_, grid) => {
    const random = noise();
    const phase = (p: Point3) => 4096 * (inHead(p) ? wrapped(p) : random());
    expect(seen(sampled(grid, phase))).toBe('brain-mr/looks-like/signed');
    expect(seen(sampled(grid, p => phase(p) + 2048))).toBe('brain-mr/looks-like/phase');
    expect(seen(sampled(grid, p => (inHead(p) ? phase(p) : 0)))).toBe('brain-mr/looks-like/signed');
  });

  it.each([
    ['real', Math.cos],
    ['imaginary', Math.sin],
  ])('is a part of a complex image: %s', (_, part) => {
    const value = (p: Point3) => t1(p) * part(2 * Math.PI * wrapped(p));
    expect(seen(sampled(wide, value))).toBe('brain-mr/looks-like/signed');
    expect(seen(sampled(narrow, p => value(p) + 2048))).toBe('brain-mr/looks-like/phase');
  });

  it('is a fat image: scalp and marrow', () => {
    const fat = (p: Point3) => (t1(p) === 900 ? 900 : 0.04 * t1(p));
    for (const grid of [wide, narrow, sagittal])
      expect(seen(sampled(grid, fat))).toBe('brain-mr/looks-like/fat');
  });

  it('is nothing else without a skull', () => {
    const brain = (p: Point3) => (t1(p) === 900 || t1(p) === 40 ? 0 : t1(p));
    expect(seen(sampled(wide, brain))).toBeNull();
  });

  it('is not told of too little, of nothing and of no number', () => {
    const few = gridOfSteps([3, 3, 3], [1, 0, 0], [0, 1, 0], [0, 0, 1]);
    for (const value of [0, Number.NaN, 5]) {
      expect(seen(sampled(few, () => value))).toBeNull();
      expect(seen(sampled(wide, () => (value === 5 ? 0 : value)))).toBeNull();
    }
  });
});
