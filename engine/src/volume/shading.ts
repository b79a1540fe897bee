import { count, eachRun, type Mask } from './Mask';
import { solve } from './solve';
import { percentileOf } from './statistics';
import { type Grid, type Point3, spacingOf, type Volume } from './Volume';

/**
 * Smooth multiplicative shading of the receive field: its logarithm is a second-order polynomial of the
 * place in mm from `centre` over REACH, along k, j, i (`monomials`).
 */
export interface Shading {
  /** Voxel i, j, k. */
  centre: Point3;
  /** [10] */
  coefficients: readonly number[];
}

/** How far a residual counts: residuals to weights, both [N]. */
export type Weigh = (residuals: Float64Array) => Float64Array;

const REACH = 80; // mm, about half a brain
const WEAKEST = Math.log(0.6); // limits of the logarithm: beyond them it is extrapolated
const STRONGEST = Math.log(1.6);
const SAMPLES = 30_000; // voxels of a fit
const RIDGE = 0.01; // penalty of the shading's variance in the region, relative to the residuals'
const FLATTEST = 1e-9; // keeps the equations solvable
const REWEIGHTINGS = 8;
const FLAT = 0.02; // quantile regression treats smaller residuals alike
const DARK = 0.02; // lower limit of the intensity before its logarithm
const SLOPES = 9; // coefficients but the constant

/** Cauchy weights: the shading follows the centre of the values. */
export const aroundCentre: Weigh = residuals => {
  const spread = Math.max(median(residuals.map(Math.abs)) / 0.6745, 1e-6);
  return residuals.map(r => 1 / (1 + (r / (2.385 * spread)) ** 2));
};

/** Weights of quantile regression: the shading follows this quantile of the values, in (0, 1). */
export function aroundQuantile(level: number): Weigh {
  return residuals => residuals.map(r => (r > 0 ? level : 1 - level) / Math.max(Math.abs(r), FLAT));
}

/** The region of which shading is wanted: its centre, voxel i, j, k, and the moments of its monomials. */
export interface Support {
  grid: Grid;
  centre: Point3;
  penalty: readonly (readonly number[])[];
}

/** @param region not empty */
export function supportOf(grid: Grid, region: Mask): Support {
  const places = spreadOver(region, SAMPLES);
  const centre = centreOf(places, grid.dims);
  const equal = new Float64Array(places.length).fill(1);
  const { products } = momentsOf(monomials(places, grid, centre), equal);
  // In a single slice nothing varies along k.
  const penalty = products.map((row, r) => row.map((v, c) => RIDGE * v + (r === c ? FLATTEST : 0)));
  return { grid, centre, penalty };
}

/**
 * Fits the shading to the voxels of a tissue by iteratively reweighted least squares, after Dawant, Zijdenbos
 * and Margolin (IEEE TMI 1993): a tissue that is present everywhere shows the field.
 * @param data intensities on the support's grid
 * @param tissue voxels of one tissue
 * @param floor distance from the scanner's zero to 0, in intensity
 * @returns a factor of 1 everywhere when the tissue is too small
 */
export function fitShading(
  data: Float32Array,
  tissue: Mask,
  { grid, centre, penalty }: Support,
  floor: number,
  weigh: Weigh,
): Shading {
  const places = spreadOver(tissue, SAMPLES);
  if (places.length < 10 * (SLOPES + 1)) return { centre, coefficients: Array(SLOPES + 1).fill(0) };
  const basis = monomials(places, grid, centre);
  const values = new Float64Array(places.length);
  for (const [n, at] of places.entries()) values[n] = Math.log(Math.max(data[at] + floor, DARK));
  const middle = median(values);
  let residuals = values.map(v => v - middle);
  let coefficients: number[] = [];
  for (let n = 0; n < REWEIGHTINGS; n++) {
    const { mean, products, withValues, level } = momentsOf(basis, weigh(residuals), values);
    const slopes = solve(
      products.map((row, r) => row.map((v, c) => v + penalty[r][c])),
      withValues,
    );
    const constant = -dot(slopes, mean, 0);
    coefficients = [constant, ...slopes];
    residuals = values.map((v, i) => v - level - constant - dot(slopes, basis, i * SLOPES));
  }
  return { centre, coefficients };
}

/**
 * Divides the signal by the shading.
 * @param floor distance from the scanner's zero to 0, in intensity
 * @returns intensity without shading, 0 outside the mask
 */
export function withoutShading(volume: Volume, mask: Mask, shading: Shading, floor: number): Volume {
  return scaledBy(volume, mask, shading, floor, -1);
}

/** The inverse of `withoutShading`. */
export function withShading(volume: Volume, mask: Mask, shading: Shading, floor: number): Volume {
  return scaledBy(volume, mask, shading, floor, 1);
}

function scaledBy(
  volume: Volume,
  mask: Mask,
  { centre, coefficients: c }: Shading,
  floor: number,
  power: 1 | -1,
): Volume {
  const [nx, ny, nz] = volume.dims;
  const [si, sj, sk] = spacingOf(volume).map(s => s / REACH);
  const [least, most] = [WEAKEST, STRONGEST].map(limit => Math.exp(power * limit)).sort((a, b) => a - b);
  const data = new Float32Array(volume.data.length);
  for (let k = 0, row = 0; k < nz; k++) {
    const z = (k - centre[2]) * sk;
    for (let j = 0; j < ny; j++, row += nx) {
      const first = mask.subarray(row, row + nx).indexOf(1);
      if (first < 0) continue;
      const y = (j - centre[1]) * sj;
      const x = (first - centre[0]) * si;
      const constant = c[0] + z * (c[1] + c[4] * z + c[5] * y) + y * (c[2] + c[7] * y);
      const linear = c[3] + c[6] * z + c[8] * y;
      // Along a row the logarithm is a parabola: its second difference is constant.
      let factor = Math.exp(power * (constant + x * (linear + c[9] * x)));
      let ratio = Math.exp(power * si * (linear + c[9] * (2 * x + si)));
      const bend = Math.exp(power * 2 * c[9] * si * si);
      for (let at = row + first; at < row + nx; at++) {
        if (mask[at]) {
          const limited = factor < least ? least : factor > most ? most : factor;
          data[at] = (volume.data[at] + floor) * limited - floor;
        }
        factor *= ratio;
        ratio *= bend;
      }
    }
  }
  return { ...volume, data };
}

/** At most `most` voxels of a mask at even distances in memory; training takes the same ones. */
function spreadOver(mask: Mask, most: number): Uint32Array {
  const all = count(mask);
  const places = new Uint32Array(Math.min(all, most));
  let [n, before] = [0, 0];
  eachRun(mask, (start, end) => {
    // The n-th place is that voxel of the mask.
    for (; n < places.length; n++) {
      const voxel = Math.floor((n * all) / places.length) - before;
      if (voxel >= end - start) break;
      places[n] = start + voxel;
    }
    before += end - start;
  });
  return places;
}

function voxel(at: number, [nx, ny]: Point3): Point3 {
  return [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
}

function centreOf(places: Uint32Array, dims: Point3): Point3 {
  const sum: Point3 = [0, 0, 0];
  for (const at of places) for (const [axis, v] of voxel(at, dims).entries()) sum[axis] += v;
  return [sum[0] / places.length, sum[1] / places.length, sum[2] / places.length];
}

/** z, y, x, zz, zy, zx, yy, yx, xx of each place, with z along k: [N, 9] */
function monomials(places: Uint32Array, grid: Grid, centre: Point3): Float64Array {
  const [si, sj, sk] = spacingOf(grid).map(s => s / REACH);
  const out = new Float64Array(places.length * SLOPES);
  for (const [n, at] of places.entries()) {
    const [i, j, k] = voxel(at, grid.dims);
    const [x, y, z] = [(i - centre[0]) * si, (j - centre[1]) * sj, (k - centre[2]) * sk];
    out.set([z, y, x, z * z, z * y, z * x, y * y, y * x, x * x], n * SLOPES);
  }
  return out;
}

/**
 * Weighted moments of the monomials [N, 9] about their mean: their products with each other and with the
 * values.
 */
function momentsOf(basis: Float64Array, weights: Float64Array, values?: Float64Array) {
  const total = weights.reduce((sum, w) => sum + w, 0);
  const mean = new Float64Array(SLOPES);
  let level = 0;
  for (let i = 0; i < weights.length; i++) {
    const share = weights[i] / total;
    for (let c = 0; c < SLOPES; c++) mean[c] += share * basis[i * SLOPES + c];
    if (values) level += share * values[i];
  }
  const sums = new Float64Array(SLOPES * SLOPES);
  const right = new Float64Array(SLOPES);
  const centred = new Float64Array(SLOPES);
  for (let i = 0; i < weights.length; i++) {
    for (let c = 0; c < SLOPES; c++) centred[c] = basis[i * SLOPES + c] - mean[c];
    const share = weights[i] / total;
    const above = values ? values[i] - level : 0;
    for (let r = 0; r < SLOPES; r++) {
      const weighted = share * centred[r];
      right[r] += weighted * above;
      for (let c = 0; c <= r; c++) sums[r * SLOPES + c] += weighted * centred[c];
    }
  }
  const element = (r: number, c: number) => sums[Math.max(r, c) * SLOPES + Math.min(r, c)];
  const all = Array.from({ length: SLOPES }, (_, n) => n);
  return { mean, level, products: all.map(r => all.map(c => element(r, c))), withValues: [...right] };
}

/** Of the slopes with nine values from `first` on. */
function dot(slopes: readonly number[], values: Float64Array, first: number): number {
  let sum = 0;
  for (let c = 0; c < SLOPES; c++) sum += slopes[c] * values[first + c];
  return sum;
}

function median(values: Float64Array): number {
  return percentileOf(values.slice(), 50);
}
