import { readFileSync } from 'node:fs';
import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../inference/mulberry32';
import type { Point3, Volume } from '../volume/Volume';
import { compareImages } from './compareImages';

const fixture = JSON.parse(
  readFileSync(new URL('../../../tests/fixtures/similarity/fixture.json', import.meta.url), 'utf8'),
);
const volume = (dims: Point3, data: Float32Array): Volume => ({ dims, indexToWorld: mat4.create(), data });

/** As models/training/synthesis/common/similarity_fixture.py makes them. */
function fixtureVolumes() {
  const [nz, ny, nx]: Point3 = fixture.dims;
  const random = mulberry32(fixture.seed);
  const noise = [0, 1].map(() => Float64Array.from({ length: nx * ny * nz }, random));
  const predicted = new Float32Array(nx * ny * nz);
  const acquired = new Float32Array(nx * ny * nz);
  const region = new Uint8Array(nx * ny * nz);
  const far = (i: number, n: number) => ((i - (n - 1) / 2) / (n / 2 - 1)) ** 2;
  for (let z = 0, at = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, at++) {
        const waves = 0.5 + 0.3 * Math.sin(x / 3) * Math.cos(y / 4) + 0.2 * Math.sin(z / 2);
        acquired[at] = 400 * (waves + 0.1 * noise[0][at]);
        predicted[at] = 2 * waves ** 2 - 1 + 0.3 * noise[1][at];
        region[at] = far(z, nz) + far(y, ny) + far(x, nx) <= 1 ? 1 : 0;
      }
    }
  }
  const dims: Point3 = [nx, ny, nz];
  return { predicted: volume(dims, predicted), acquired: volume(dims, acquired), region };
}

describe('compareImages', () => {
  it('has the figures of the training code', () => {
    const { predicted, acquired, region } = fixtureVolumes();
    const { figures } = compareImages(predicted, acquired, region);
    expect(figures.psnr).toBeCloseTo(fixture.prediction.psnr, 3);
    expect(figures.ssim).toBeCloseTo(fixture.prediction.ssim, 4);
    expect(figures.mae).toBeCloseTo(fixture.prediction.mae, 5);
  });

  it('counts inverted contrast as a constant', () => {
    const { predicted, acquired, region } = fixtureVolumes();
    const inverted = { ...predicted, data: predicted.data.map(v => -v) };
    const { figures } = compareImages(inverted, acquired, region);
    expect(figures.psnr).toBeCloseTo(fixture.inverted.psnr, 3);
    expect(figures.ssim).toBeCloseTo(fixture.inverted.ssim, 3);
    expect(figures.mae).toBeCloseTo(fixture.inverted.mae, 5);
  });

  it('does not care about unit and offset, and finds no difference between equal images', () => {
    const { acquired, region } = fixtureVolumes();
    // Clipped values are no longer on the line: an image that is not clipped.
    const plain = { ...acquired, data: acquired.data.map((_, i) => (i % 3) / 2) };
    const other = { ...plain, data: plain.data.map(v => 7 * v - 20) };
    const { figures, difference } = compareImages(other, plain, region);
    expect(figures.psnr).toBeGreaterThan(110);
    expect(figures.ssim).toBeCloseTo(1, 5);
    expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-5);
  });

  it('gives predicted minus acquired on the scale of the acquired, by hand', () => {
    // Acquired 0 and 1 in halves, predicted the same but 1/2 in one voxel of eight.
    const dims: Point3 = [2, 2, 2];
    const acquired = volume(dims, Float32Array.of(0, 0, 0, 0, 10, 10, 10, 10));
    const predicted = volume(dims, Float32Array.of(0, 0, 0, 0, 2, 2, 2, 1));
    const region = new Uint8Array(8).fill(1);
    const { figures, difference } = compareImages(predicted, acquired, region);
    // Means 7/8 and 1/2; slope 3.5 / (4 * 49/64 + 3 * 81/64 + 1/64) = 3.5 / 6.875.
    const slope = 3.5 / 6.875;
    const line = [0, 1, 2].map(v => 0.5 + slope * (v - 7 / 8));
    const errors = [...Array(4).fill(line[0]), ...Array(3).fill(Math.min(1, line[2]) - 1), line[1] - 1];
    expect([...difference]).toEqual(errors.map(e => expect.closeTo(e, 5)));
    expect(figures.mae).toBeCloseTo(errors.reduce((sum, e) => sum + Math.abs(e), 0) / 8, 5);
    const mse = errors.reduce((sum, e) => sum + e * e, 0) / 8;
    expect(figures.psnr).toBeCloseTo(-10 * Math.log10(mse), 4);
  });

  it('leaves out slices that were not synthesized', () => {
    const { predicted, acquired, region } = fixtureVolumes();
    const [nx, ny, nz] = acquired.dims;
    const plane = nx * ny;
    // Every slice three times, the region on the first of each.
    const spread = ({ data, ...grid }: Volume): Volume => ({
      ...grid,
      dims: [nx, ny, 3 * nz],
      data: Float32Array.from({ length: 3 * data.length }, (_, i) => {
        const k = Math.floor(i / plane);
        return k % 3 === 0 ? data[(k / 3) * plane + (i % plane)] : 5;
      }),
    });
    const there = Uint8Array.from({ length: 3 * region.length }, (_, i) => {
      const k = Math.floor(i / plane);
      return k % 3 === 0 ? region[(k / 3) * plane + (i % plane)] : 0;
    });
    const whole = compareImages(predicted, acquired, region).figures;
    const sparse = compareImages(spread(predicted), spread(acquired), there).figures;
    expect(sparse.ssim).toBeCloseTo(whole.ssim, 6);
    expect(sparse.psnr).toBeCloseTo(whole.psnr, 6);
  });

  it('refuses an empty region', () => {
    const { predicted, acquired, region } = fixtureVolumes();
    expect(() => compareImages(predicted, acquired, region.fill(0))).toThrow(RangeError);
  });
});
