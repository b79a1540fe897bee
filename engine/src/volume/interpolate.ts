import type { mat4 } from 'gl-matrix';
import type { Volume } from './Volume';

/** Voxels beyond the outermost voxel centres for which their values are held: a half, plus rounding. */
export const HALF_VOXEL = 0.5 + 1e-4;

/**
 * Piecewise linear interpolation (numpy.interp); beyond the knots the value of the nearest one.
 * @param knots ascending, at least two
 * @param values one per knot
 */
export function piecewiseLinear(x: number, knots: readonly number[], values: readonly number[]): number {
  let k = 1;
  while (k < knots.length - 1 && x > knots[k]) k++;
  const share = (x - knots[k - 1]) / (knots[k] - knots[k - 1]);
  return values[k - 1] + Math.min(1, Math.max(0, share)) * (values[k] - values[k - 1]);
}

/**
 * Trilinear interpolation at one position, at most half a voxel beyond the outermost voxel centres.
 * @param data laid out like Volume.data, nx * ny * nz voxels
 * @param x fractional voxel index along i; y and z along j and k
 * @returns NaN outside
 */
export function trilinear(
  data: Float32Array,
  nx: number,
  ny: number,
  nz: number,
  x: number,
  y: number,
  z: number,
): number {
  const inside =
    x >= -HALF_VOXEL &&
    y >= -HALF_VOXEL &&
    z >= -HALF_VOXEL &&
    x <= nx - 1 + HALF_VOXEL &&
    y <= ny - 1 + HALF_VOXEL &&
    z <= nz - 1 + HALF_VOXEL;
  if (!inside) return Number.NaN;
  const cx = Math.min(nx - 1, Math.max(0, x));
  const cy = Math.min(ny - 1, Math.max(0, y));
  const cz = Math.min(nz - 1, Math.max(0, z));
  const x0 = cx | 0;
  const y0 = cy | 0;
  const z0 = cz | 0;
  const fx = cx - x0;
  const fy = cy - y0;
  const fz = cz - z0;
  const a = x0 + nx * (y0 + ny * z0);
  const dx = x0 + 1 < nx ? 1 : 0;
  const b = y0 + 1 < ny ? a + nx : a;
  const dz = z0 + 1 < nz ? nx * ny : 0;
  const near =
    (data[a] * (1 - fx) + data[a + dx] * fx) * (1 - fy) + (data[b] * (1 - fx) + data[b + dx] * fx) * fy;
  const far =
    (data[a + dz] * (1 - fx) + data[a + dz + dx] * fx) * (1 - fy) +
    (data[b + dz] * (1 - fx) + data[b + dz + dx] * fx) * fy;
  return near * (1 - fz) + far * fz;
}

/**
 * Trilinear interpolation at many positions.
 * @param points three coordinates per position, in any space
 * @param toIndex affine from that space to voxel indices of the volume
 * @param out receives one value per position, NaN outside
 */
export function trilinearAt(
  { data, dims }: Volume,
  points: Float32Array,
  toIndex: mat4,
  out: Float32Array,
): void {
  const [nx, ny, nz] = dims;
  const m = Float64Array.from(toIndex);
  for (let n = 0, p = 0; n < out.length; n++, p += 3) {
    const x = points[p];
    const y = points[p + 1];
    const z = points[p + 2];
    out[n] = trilinear(
      data,
      nx,
      ny,
      nz,
      m[0] * x + m[4] * y + m[8] * z + m[12],
      m[1] * x + m[5] * y + m[9] * z + m[13],
      m[2] * x + m[6] * y + m[10] * z + m[14],
    );
  }
}
