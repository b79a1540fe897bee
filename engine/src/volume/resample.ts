import { mat4, vec3 } from 'gl-matrix';
import { HALF_VOXEL, trilinear } from './interpolate';
import type { Mask } from './Mask';
import type { Grid, Point3, Volume } from './Volume';
import { indexToWorld, spacingOf, voxelCount, worldToIndex } from './Volume';

/**
 * Trilinear resampling of `volume` onto any `grid`, oblique, anisotropic or flipped. Values are held for
 * half a voxel beyond the outermost voxel centres; farther out the result is `outside`.
 * @param mask on `grid`: in each row, voxels before its first and after its last are `outside`
 * @returns values on `grid`, same units as `volume`
 */
export function resample(volume: Volume, grid: Grid, outside = 0, mask?: Mask): Volume {
  if (!mask && sameGrid(volume, grid)) return { ...grid, data: volume.data.slice() };
  // Double precision, because rows accumulate steps.
  const m = Float64Array.from(mat4.multiply(mat4.create(), worldToIndex(volume), grid.indexToWorld));
  const [gx, gy, gz] = grid.dims;
  const data = new Float32Array(voxelCount(grid));
  if (outside !== 0) data.fill(outside);
  // Parallel rows: four rows of the volume are blended into one line first.
  const line = Math.hypot(m[1], m[2]) < PARALLEL ? new Float64Array(volume.dims[0]) : undefined;
  for (let k = 0, row = 0; k < gz; k++) {
    for (let j = 0; j < gy; j++, row += gx) {
      const maskRow = mask?.subarray(row, row + gx);
      const low = maskRow ? maskRow.indexOf(1) : 0;
      if (low < 0) continue;
      const high = maskRow ? maskRow.lastIndexOf(1) + 1 : gx;
      const x = m[4] * j + m[8] * k + m[12];
      const y = m[5] * j + m[9] * k + m[13];
      const z = m[6] * j + m[10] * k + m[14];
      const [from, to] = clipRow(volume.dims, x, y, z, m, low, high, HALF_VOXEL);
      const [first, end] = clipRow(volume.dims, x, y, z, m, low, high, -ROUNDING);
      const out = data.subarray(row, row + gx);
      if (first < end && line) axisAlignedRow(volume, line, x, y, z, m[0], out, first, end);
      else if (first < end) obliqueRow(volume, x, y, z, m, out, first, end);
      borderRow(volume, x, y, z, m, out, from, Math.min(first, to));
      borderRow(volume, x, y, z, m, out, Math.max(end, from), to);
    }
  }
  return { ...grid, data };
}

/** Values `first` to `end` (excluded) of a row that starts at (x, y, z); all have eight neighbours. */
function obliqueRow(
  { data, dims: [nx, ny] }: Volume,
  x: number,
  y: number,
  z: number,
  m: Float64Array,
  out: Float32Array,
  first: number,
  end: number,
): void {
  const plane = nx * ny;
  let cx = x + first * m[0];
  let cy = y + first * m[1];
  let cz = z + first * m[2];
  for (let i = first; i < end; i++, cx += m[0], cy += m[1], cz += m[2]) {
    const x0 = cx | 0;
    const y0 = cy | 0;
    const z0 = cz | 0;
    const fx = cx - x0;
    const fy = cy - y0;
    const fz = cz - z0;
    const a = x0 + nx * y0 + plane * z0;
    const b = a + nx;
    const c = a + plane;
    const d = b + plane;
    const a0 = data[a];
    const b0 = data[b];
    const c0 = data[c];
    const d0 = data[d];
    const ax = a0 + fx * (data[a + 1] - a0);
    const bx = b0 + fx * (data[b + 1] - b0);
    const cxz = c0 + fx * (data[c + 1] - c0);
    const dx = d0 + fx * (data[d + 1] - d0);
    const near = ax + fy * (bx - ax);
    out[i] = near + fz * (cxz + fy * (dx - cxz) - near);
  }
}

/** `obliqueRow` for a row parallel to the rows of the volume, in steps of `step` voxels. */
function axisAlignedRow(
  { data, dims: [nx, ny] }: Volume,
  line: Float64Array,
  x: number,
  y: number,
  z: number,
  step: number,
  out: Float32Array,
  first: number,
  end: number,
): void {
  const plane = nx * ny;
  const y0 = y | 0;
  const z0 = z | 0;
  const fy = y - y0;
  const fz = z - z0;
  let cx = x + first * step;
  const last = x + (end - 1) * step;
  const to = (Math.max(cx, last) | 0) + 1;
  for (let n = Math.min(cx, last) | 0, at = n + nx * y0 + plane * z0; n <= to; n++, at++) {
    const near = data[at] + fy * (data[at + nx] - data[at]);
    const far = data[at + plane] + fy * (data[at + plane + nx] - data[at + plane]);
    line[n] = near + fz * (far - near);
  }
  for (let i = first; i < end; i++, cx += step) {
    const x0 = cx | 0;
    out[i] = line[x0] + (cx - x0) * (line[x0 + 1] - line[x0]);
  }
}

/** Values `from` to `to` (excluded) of a row near the volume's border; positions outside are skipped. */
function borderRow(
  { data, dims: [nx, ny, nz] }: Volume,
  x: number,
  y: number,
  z: number,
  m: Float64Array,
  out: Float32Array,
  from: number,
  to: number,
): void {
  for (let i = from; i < to; i++) {
    const value = trilinear(data, nx, ny, nz, x + i * m[0], y + i * m[1], z + i * m[2]);
    if (!Number.isNaN(value)) out[i] = value;
  }
}

/** Whether two grids have the same voxels in the same places, up to the rounding of their affines. */
function sameGrid(a: Grid, b: Grid): boolean {
  if (a.dims.some((n, r) => n !== b.dims[r])) return false;
  const last = a.dims.map(n => n - 1) as Point3;
  const distance = (index: Point3) => vec3.distance(indexToWorld(a, index), indexToWorld(b, index));
  const corners: Point3[] = [
    [0, 0, 0],
    [last[0], 0, 0],
    [0, last[1], 0],
    [0, 0, last[2]],
  ];
  return corners.every(corner => distance(corner) < SAME_POSITION);
}

/** Positions closer than this are the same, mm. */
const SAME_POSITION = 1e-3;

/** Rows that diverge by less than this per voxel count as parallel: at most 1e-5 voxels after a thousand. */
const PARALLEL = 1e-8;

/** Distance from the outermost voxel centres, in voxels, within which `borderRow` is used. */
const ROUNDING = 1e-6;

/**
 * Clips a row to a volume. The row starts at (x, y, z) and steps by the first column of `m`, in voxels.
 * @returns [first, end), the part of [low, high) at most `margin` voxels beyond the outermost voxel centres
 */
function clipRow(
  dims: Point3,
  x: number,
  y: number,
  z: number,
  m: Float64Array,
  low: number,
  high: number,
  margin: number,
): [number, number] {
  let first = low;
  let end = high;
  for (let axis = 0; axis < 3; axis++) {
    const start = axis === 0 ? x : axis === 1 ? y : z;
    const step = m[axis];
    const before = -margin - start;
    const after = dims[axis] - 1 + margin - start;
    // An axis with a single voxel has no interior.
    if (before > after) return [high, high];
    if (Math.abs(step) < 1e-12) {
      if (before > 0 || after < 0) return [high, high];
      continue;
    }
    first = Math.max(first, Math.ceil(Math.min(before / step, after / step)));
    end = Math.min(end, Math.floor(Math.max(before / step, after / step)) + 1);
  }
  return first < end ? [first, end] : [high, high];
}

/** `resample` with anti-aliasing: where `grid` is coarser, voxels are averaged in whole bins first. */
export function resampleAntialiased(volume: Volume, grid: Grid, mask?: Mask): Volume {
  const own = spacingOf(volume);
  const finest = Math.min(...spacingOf(grid));
  const factor = own.map(s => Math.max(1, Math.floor(finest / s + 1e-3))) as Point3;
  return resample(binShrink(volume, factor), grid, 0, mask);
}

/**
 * Shrinks by averaging bins of `factor` voxels (ITK's BinShrinkImageFilter). Voxels beyond the last full bin
 * are dropped. A factor larger than the volume counts as the size of the volume.
 * @returns the volume itself when all factors are 1
 */
export function binShrink(volume: Volume, factor: readonly [number, number, number]): Volume {
  const [fx, fy, fz] = factor.map((f, axis) => Math.min(f, volume.dims[axis]));
  if (fx === 1 && fy === 1 && fz === 1) return volume;
  const [nx, ny] = volume.dims;
  const dims: [number, number, number] = [
    Math.floor(volume.dims[0] / fx),
    Math.floor(volume.dims[1] / fy),
    Math.floor(volume.dims[2] / fz),
  ];
  const data = new Float32Array(dims[0] * dims[1] * dims[2]);
  const scale = 1 / (fx * fy * fz);
  const sums = new Float64Array(dims[0]);
  for (let k = 0, o = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++, o += dims[0]) {
      if (fx === 2 && fy === 2 && fz === 2) {
        sumBinsOfTwo(volume, 2 * nx * (j + ny * k), sums);
      } else {
        sums.fill(0);
        for (let c = 0; c < fz; c++) {
          for (let b = 0; b < fy; b++) addBins(fx, volume.data, nx * (j * fy + b + ny * (k * fz + c)), sums);
        }
      }
      for (let i = 0; i < sums.length; i++) data[o + i] = sums[i] * scale;
    }
  }
  // The centre of the first bin is (factor - 1) / 2 voxels into the volume.
  const toBin = mat4.fromTranslation(mat4.create(), [(fx - 1) / 2, (fy - 1) / 2, (fz - 1) / 2]);
  mat4.scale(toBin, toBin, [fx, fy, fz]);
  return { dims, data, indexToWorld: mat4.multiply(mat4.create(), volume.indexToWorld, toBin) };
}

/** Adds to each bin of `sums` its `factor` values of the row of `data` that starts at `row`. */
function addBins(factor: number, data: Float32Array, row: number, sums: Float64Array): void {
  for (let i = 0, at = row; i < sums.length; i++) {
    for (const end = at + factor; at < end; at++) sums[i] += data[at];
  }
}

/** Sums of a row of 2 x 2 x 2 bins, the most common size (1 mm to 2 mm); the first starts at `first`. */
function sumBinsOfTwo({ data, dims: [nx, ny] }: Volume, first: number, sums: Float64Array): void {
  const above = nx * ny;
  for (let i = 0, a = first, b = a + nx, c = a + above, d = c + nx; i < sums.length; i++) {
    sums[i] = data[a++] + data[a++] + data[b++] + data[b++] + data[c++] + data[c++] + data[d++] + data[d++];
  }
}
