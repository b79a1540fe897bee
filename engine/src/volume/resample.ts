import { mat4 } from 'gl-matrix';
import { type Grid, type Volume, voxelCount, worldToIndex } from './Volume';

/**
 * Trilinear interpolation of `volume` at every voxel centre of `grid`: any two grids, oblique, anisotropic or
 * flipped. Outside the outermost voxel centres the last half voxel is held, beyond it the result is `outside`.
 * @returns values on `grid`, same units as `volume`
 */
export function resample(volume: Volume, grid: Grid, outside = 0): Volume {
  const m = mat4.multiply(mat4.create(), worldToIndex(volume), grid.indexToWorld);
  const [nx, ny, nz] = volume.dims;
  const [gx, gy, gz] = grid.dims;
  const source = volume.data;
  const data = new Float32Array(voxelCount(grid));
  const plane = nx * ny;
  let o = 0;
  for (let k = 0; k < gz; k++) {
    for (let j = 0; j < gy; j++) {
      let x = m[4] * j + m[8] * k + m[12];
      let y = m[5] * j + m[9] * k + m[13];
      let z = m[6] * j + m[10] * k + m[14];
      for (let i = 0; i < gx; i++, o++, x += m[0], y += m[1], z += m[2]) {
        if (
          x < -HALF ||
          y < -HALF ||
          z < -HALF ||
          x > nx - 1 + HALF ||
          y > ny - 1 + HALF ||
          z > nz - 1 + HALF
        ) {
          data[o] = outside;
          continue;
        }
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
        const dz = z0 + 1 < nz ? plane : 0;
        const near =
          (source[a] * (1 - fx) + source[a + dx] * fx) * (1 - fy) +
          (source[b] * (1 - fx) + source[b + dx] * fx) * fy;
        const far =
          (source[a + dz] * (1 - fx) + source[a + dz + dx] * fx) * (1 - fy) +
          (source[b + dz] * (1 - fx) + source[b + dz + dx] * fx) * fy;
        data[o] = near * (1 - fz) + far * fz;
      }
    }
  }
  return { ...grid, data };
}

/** Half a voxel, and a hair for rounding. */
const HALF = 0.5 + 1e-4;

/**
 * Shrinks by averaging whole boxes of `factor` voxels; anti-aliases before a coarse resample. A factor of 1 along
 * every axis returns the volume itself. Voxels beyond the last full box are dropped;
 * a factor beyond the volume's size counts as that size.
 */
export function boxShrink(volume: Volume, factor: readonly [number, number, number]): Volume {
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
  let o = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++, o++) {
        let sum = 0;
        for (let c = 0; c < fz; c++) {
          for (let b = 0; b < fy; b++) {
            const row = nx * (j * fy + b + ny * (k * fz + c)) + i * fx;
            for (let a = 0; a < fx; a++) sum += volume.data[row + a];
          }
        }
        data[o] = sum * scale;
      }
    }
  }
  // The centre of the first box lies (factor - 1) / 2 voxels into the volume.
  const toBox = mat4.fromTranslation(mat4.create(), [(fx - 1) / 2, (fy - 1) / 2, (fz - 1) / 2]);
  mat4.scale(toBox, toBox, [fx, fy, fz]);
  return { dims, data, indexToWorld: mat4.multiply(mat4.create(), volume.indexToWorld, toBox) };
}
