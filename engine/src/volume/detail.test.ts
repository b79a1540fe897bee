import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { amplifyDetail } from './detail';
import type { Volume } from './Volume';

const SIDE = 15;
const volume = (value: (x: number, y: number) => number): Volume => ({
  dims: [SIDE, SIDE, 2],
  indexToWorld: mat4.create(),
  data: Float32Array.from({ length: 2 * SIDE * SIDE }, (_, i) =>
    value(i % SIDE, Math.floor(i / SIDE) % SIDE),
  ),
});
const everywhere = new Uint8Array(2 * SIDE * SIDE).fill(1);
const middle = 7 * SIDE + 7;

describe('amplifyDetail', () => {
  it('adds the difference of two Gaussians', () => {
    const impulse = volume((x, y) => (x === 7 && y === 7 ? 1 : 0));
    const out = amplifyDetail(impulse, everywhere, 2);
    // The same figures as in models/training/tests/test_detail.py.
    expect(out[middle]).toBeCloseTo(1 + 2 * (0.6186935 - 0.1591559), 5);
    expect(out[middle + 1]).toBeCloseTo(2 * (0.0837316 - 0.0965329), 5);
    expect(out[SIDE * SIDE + middle]).toBe(out[middle]);
  });

  it('leaves what has no detail, up to the edge of the region', () => {
    const flat = volume(() => 0.4);
    const region = Uint8Array.from(everywhere, (_, i) => (i % SIDE > 4 && i % SIDE < 11 ? 1 : 0));
    const out = amplifyDetail(flat, region, 3);
    for (const [i, v] of out.entries()) expect(v).toBeCloseTo(region[i] ? 0.4 : 0, 6);
  });

  it('does not see what is outside the region', () => {
    const half = Uint8Array.from(everywhere, (_, i) => (i % SIDE < 8 ? 1 : 0));
    const inside = volume(x => (x < 8 ? 0.1 * x : 0));
    const bright = volume(x => (x < 8 ? 0.1 * x : 9));
    expect([...amplifyDetail(bright, half, 1)]).toEqual([...amplifyDetail(inside, half, 1)]);
  });

  it('amplifies a checkerboard of single pixels least', () => {
    const gain = (period: number) => {
      const phase = (2 * Math.PI) / period;
      const wave = volume((x, y) => Math.cos(phase * x) * Math.cos(phase * y));
      return amplifyDetail(wave, everywhere, 1)[8 * SIDE + 8];
    };
    expect(gain(4)).toBeGreaterThan(gain(2) + 0.1);
    expect(gain(2)).toBeGreaterThan(1);
  });
});
