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
const COEFFICIENTS = 10;

/** Cauchy weights: the shading follows the centre of the values. */
export const aroundCentre: Weigh = residuals => {
  const spread = Math.max(median(residuals.map(Math.abs)) / 0.6745, 1e-6);
  const weights = new Float64Array(residuals.length);
  for (let i = 0; i < weights.length; i++) {
    const distance = residuals[i] / (2.385 * spread);
    weights[i] = 1 / (1 + distance * distance);
  }
  return weights;
};

/** Weights of quantile regression: the shading follows this quantile of the values, in (0, 1). */
export function aroundQuantile(level: number): Weigh {
  return residuals => {
    const weights = new Float64Array(residuals.length);
    for (let i = 0; i < weights.length; i++) {
      const r = residuals[i];
      weights[i] = (r > 0 ? level : 1 - level) / Math.max(Math.abs(r), FLAT);
    }
    return weights;
  };
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
  const basis = monomials(places, grid, centre);
  const [equal] = basis;
  const { products } = momentsOf(basis, equal, equal);
  // In a single slice nothing varies along k.
  const penalty = products.map((row, r) => row.map((v, c) => RIDGE * v + (r === c ? FLATTEST : 0)));
  return { grid, centre, penalty };
}

/** Voxels of one tissue, to which the shading of several images is fitted, and their monomials. */
export interface TissueSamples {
  support: Support;
  places: Uint32Array;
  /** Ten columns [N]. */
  basis: readonly Float64Array[];
}

/** @param tissue on the support's grid */
export function tissueSamples(tissue: Mask, support: Support): TissueSamples {
  const places = spreadOver(tissue, SAMPLES);
  return { support, places, basis: monomials(places, support.grid, support.centre) };
}

/**
 * Fits the shading to the voxels of a tissue by iteratively reweighted least squares, after Dawant, Zijdenbos
 * and Margolin (IEEE TMI 1993): a tissue that is present everywhere shows the field.
 * @param data intensities on the support's grid
 * @param floor distance from the scanner's zero to 0, in intensity
 * @returns a factor of 1 everywhere when the tissue is too small
 */
export function fitShading(
  data: Float32Array,
  { support: { centre, penalty }, places, basis }: TissueSamples,
  floor: number,
  weigh: Weigh,
): Shading {
  if (places.length < 10 * COEFFICIENTS) return { centre, coefficients: Array(COEFFICIENTS).fill(0) };
  const values = new Float64Array(places.length);
  for (let n = 0; n < places.length; n++) values[n] = Math.log(Math.max(data[places[n]] + floor, DARK));
  const middle = median(values);
  let residuals: Float64Array = values.map(v => v - middle);
  let coefficients: number[] = [];
  for (let n = 0; n < REWEIGHTINGS; n++) {
    const { mean, level, products, withValues } = momentsOf(basis, weigh(residuals), values);
    const slopes = solve(
      products.map((row, r) => row.map((v, c) => v + penalty[r][c])),
      withValues,
    );
    const constant = -slopes.reduce((sum, slope, c) => sum + slope * mean[c], 0);
    coefficients = [constant, ...slopes];
    residuals = residualsOf(values, level, coefficients, basis);
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

function centreOf(places: Uint32Array, [nx, ny]: Point3): Point3 {
  const sum: Point3 = [0, 0, 0];
  for (const at of places) {
    sum[0] += at % nx;
    sum[1] += Math.floor(at / nx) % ny;
    sum[2] += Math.floor(at / (nx * ny));
  }
  return [sum[0] / places.length, sum[1] / places.length, sum[2] / places.length];
}

/** 1, z, y, x, zz, zy, zx, yy, yx, xx of each place, with z along k: ten columns [N] */
function monomials(places: Uint32Array, grid: Grid, centre: Point3): Float64Array[] {
  const [si, sj, sk] = spacingOf(grid).map(s => s / REACH);
  const [nx, ny] = grid.dims;
  const columns = Array.from({ length: COEFFICIENTS }, () => new Float64Array(places.length));
  const [one, z, y, x, zz, zy, zx, yy, yx, xx] = columns;
  for (let n = 0; n < places.length; n++) {
    one[n] = 1;
    x[n] = ((places[n] % nx) - centre[0]) * si;
    y[n] = ((Math.floor(places[n] / nx) % ny) - centre[1]) * sj;
    z[n] = (Math.floor(places[n] / (nx * ny)) - centre[2]) * sk;
  }
  multiply(z, z, zz);
  multiply(z, y, zy);
  multiply(z, x, zx);
  multiply(y, y, yy);
  multiply(y, x, yx);
  multiply(x, x, xx);
  return columns;
}

/**
 * Weighted moments of the monomials, the constant apart, about their mean: their products with each other and
 * with the values.
 */
function momentsOf(basis: readonly Float64Array[], weights: Float64Array, values: Float64Array) {
  const weighted = new Float64Array(weights.length);
  const sums = basis.map((column, r) => {
    multiply(weights, column, weighted);
    return [...basis.slice(0, r + 1), values].map(other => dot(weighted, other));
  });
  const total = sums[0][0];
  const sum = (r: number, c: number) => sums[Math.max(r, c)][Math.min(r, c)] / total;
  const withValues = (r: number) => sums[r][r + 1] / total;
  const level = withValues(0);
  const slopes = Array.from({ length: COEFFICIENTS - 1 }, (_, n) => n + 1);
  return {
    mean: slopes.map(r => sum(r, 0)),
    level,
    products: slopes.map(r => slopes.map(c => sum(r, c) - sum(r, 0) * sum(c, 0))),
    withValues: slopes.map(r => withValues(r) - sum(r, 0) * level),
  };
}

/** What the shading above the level leaves of the values. */
function residualsOf(
  values: Float64Array,
  level: number,
  coefficients: readonly number[],
  basis: readonly Float64Array[],
): Float64Array {
  const residuals = values.map(v => v - level);
  for (const [n, column] of basis.entries()) {
    const coefficient = coefficients[n];
    for (let i = 0; i < residuals.length; i++) residuals[i] -= coefficient * column[i];
  }
  return residuals;
}

function multiply(a: Float64Array, b: Float64Array, into: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = a[i] * b[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function median(values: Float64Array): number {
  return percentileOf(values.slice(), 50);
}
