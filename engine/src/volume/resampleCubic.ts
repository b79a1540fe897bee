import { mat4 } from 'gl-matrix';
import { trilinear } from './interpolate';
import { type Grid, type Volume, voxelCount, worldToIndex } from './Volume';

/**
 * Resampling of `volume` onto any `grid` by cubic convolution (Keys, IEEE Trans. Acoust. 1981; a = -1/2),
 * which keeps more detail than `resample` does. A value lies between those of the voxels that it would be
 * interpolated from linearly: no edge rings, and where `resample` finds 0 among values of 0 and above it is
 * 0. Next to the volume's border interpolation is linear, for half a voxel beyond the outermost centres
 * values are held, and farther out they are 0.
 * @returns values on `grid`, same units as `volume`
 */
export function resampleCubic(volume: Volume, grid: Grid): Volume {
  const from = volume.data;
  const [nx, ny, nz] = volume.dims;
  const plane = nx * ny;
  const m = Float64Array.from(mat4.multiply(mat4.create(), worldToIndex(volume), grid.indexToWorld));
  const data = new Float32Array(voxelCount(grid));
  const [x, y, z] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  const [gx, gy, gz] = grid.dims;
  for (let k = 0, at = 0; k < gz; k++) {
    for (let j = 0; j < gy; j++) {
      let cx = m[4] * j + m[8] * k + m[12];
      let cy = m[5] * j + m[9] * k + m[13];
      let cz = m[6] * j + m[10] * k + m[14];
      for (let i = 0; i < gx; i++, at++, cx += m[0], cy += m[1], cz += m[2]) {
        const x0 = cx | 0;
        const y0 = cy | 0;
        const z0 = cz | 0;
        if (x0 < 1 || y0 < 1 || z0 < 1 || x0 > nx - 3 || y0 > ny - 3 || z0 > nz - 3) {
          const value = trilinear(from, nx, ny, nz, cx, cy, cz);
          if (!Number.isNaN(value)) data[at] = value;
          continue;
        }
        const n = x0 + nx * y0 + plane * z0;
        const right = cx > x0 ? 1 : 0;
        const below = n + (cy > y0 ? nx : 0);
        const above = cz > z0 ? plane : 0;
        const a = from[n];
        const b = from[n + right];
        const c = from[below];
        const d = from[below + right];
        const e = from[n + above];
        const f = from[n + above + right];
        const g = from[below + above];
        const h = from[below + above + right];
        data[at] = a;
        if (a === b && a === c && a === d && a === e && a === f && a === g && a === h) continue;
        const low = Math.min(a, b, c, d, e, f, g, h);
        const high = Math.max(a, b, c, d, e, f, g, h);
        setWeights(x, cx - x0);
        setWeights(y, cy - y0);
        setWeights(z, cz - z0);
        data[at] = Math.min(Math.max(weighted(from, n - 1 - nx - plane, nx, plane, x, y, z), low), high);
      }
    }
  }
  return { ...grid, data };
}

/** The weights of the voxels at -1, 0, 1 and 2 for a position of 0 to 1. */
function setWeights(weights: Float64Array, f: number): void {
  weights[0] = (((2 - f) * f - 1) * f) / 2;
  weights[1] = ((3 * f - 5) * f * f + 2) / 2;
  weights[2] = (((4 - 3 * f) * f + 1) * f) / 2;
  weights[3] = ((f - 1) * f * f) / 2;
}

/** The weighted sum of 4 x 4 x 4 voxels, the first of them at `first`. */
function weighted(
  data: Float32Array,
  first: number,
  row: number,
  plane: number,
  x: Float64Array,
  y: Float64Array,
  z: Float64Array,
): number {
  const x0 = x[0];
  const x1 = x[1];
  const x2 = x[2];
  const x3 = x[3];
  let sum = 0;
  for (let c = 0; c < 4; c++) {
    for (let b = 0, at = first + c * plane; b < 4; b++, at += row) {
      const share = z[c] * y[b];
      if (share === 0) continue;
      sum += share * (x0 * data[at] + x1 * data[at + 1] + x2 * data[at + 2] + x3 * data[at + 3]);
    }
  }
  return sum;
}
