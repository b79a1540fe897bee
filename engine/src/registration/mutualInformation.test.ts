import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../inference/mulberry32';
import { sampled, turnedGrid } from '../testing/linear';
import { lopsided, other } from '../testing/movedHead';
import { BINS, mutualInformation, quantize } from './mutualInformation';
import { NO_MOTION, rigidMatrix } from './rigid';
import { sampleReference } from './samples';

const grid = turnedGrid([40, 48, 44], [4, 4, 4], [-75, -100, -75]);
const volume = quantize(sampled(grid, lopsided));
const samples = sampleReference(volume, 12_000, 1);
const still = mat4.create();
const similarity = (v = volume, minSamples = 0) => mutualInformation(samples, v, minSamples);

describe('mutualInformation', () => {
  it('does not care which contrast it is, and falls as the head moves away', () => {
    for (const source of [volume, quantize(sampled(grid, other))]) {
      const f = similarity(source);
      const values = [0, 2, 5, 10, 20].map(mm => f(rigidMatrix([0, 0, 0, mm, 0, 0], [0, 0, 0])));
      expect(values).toEqual([...values].sort((a, b) => b - a));
      const turned = [0, 0.05, 0.1, 0.2].map(angle => f(rigidMatrix([angle, 0, 0, 0, 0, 0], [5, -8, 12])));
      expect(turned).toEqual([...turned].sort((a, b) => b - a));
      expect(values[0]).toBeGreaterThan(1.3);
      expect(values[0]).toBeLessThanOrEqual(2);
    }
  });

  it('is 1 between a head and noise, or a flat image', () => {
    const uniform = mulberry32(3);
    const noise = similarity(quantize(sampled(grid, () => uniform())))(still);
    expect(noise).toBeGreaterThanOrEqual(1);
    expect(noise).toBeLessThan(1.02);
    expect(similarity(quantize(sampled(grid, () => 5)))(still)).toBeCloseTo(1, 6);
  });

  it('is 0 where too few samples lie in the source', () => {
    const far = rigidMatrix([0, 0, 0, 120, 0, 0], [0, 0, 0]);
    expect(similarity(volume, 0.5 * samples.bins.length)(far)).toBe(0);
    expect(similarity()(far)).toBeGreaterThan(0);
    expect(similarity()(rigidMatrix([0, 0, 0, 900, 0, 0], [0, 0, 0]))).toBe(1);
  });

  it('is the same every time', () => {
    const again = mutualInformation(sampleReference(volume, 12_000, 1), volume, 0);
    const place = rigidMatrix(NO_MOTION, [1, 2, 3]);
    expect(again(place)).toBe(similarity()(place));
  });
});

describe('quantize', () => {
  it('spreads the values over the bins and caps the brightest', () => {
    const ramp = { ...grid, dims: [1000, 1, 1] as [number, number, number], data: new Float32Array(1000) };
    for (let i = 0; i < 1000; i++) ramp.data[i] = i === 999 ? 1e6 : i - 200;
    const { data } = quantize(ramp);
    expect([data[0], data[999]]).toEqual([0, BINS - 1]);
    expect(data[500]).toBeCloseTo((BINS - 1) / 2, 1);
  });
});
