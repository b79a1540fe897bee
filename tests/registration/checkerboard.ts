import type { Volume } from '@modality-synthesis/engine';
import { canonicalGrid } from '../../engine/src/volume/modelGrid';
import { resample } from '../../engine/src/volume/resample';
import { png } from '../png';

const TILE = 24;

/**
 * The middle axial, coronal and sagittal slice, in fields of the reference and the source by turns, as a PNG.
 */
export function checkerboard(reference: Volume, source: Volume): Buffer {
  const grid = canonicalGrid(reference, [1, 1, 1]);
  const [a, b] = [reference, source].map(v => bytes(resample(v, grid)));
  const [nx, ny, nz] = grid.dims;
  const [x, y, z] = grid.dims.map(n => n >> 1);
  const at = (i: number, j: number, k: number) => i + nx * (j + ny * k);
  // Head up, the front to the left in the sagittal slice.
  const views: [number, number, (u: number, v: number) => number][] = [
    [nx, ny, (u, v) => at(u, v, z)],
    [nx, nz, (u, v) => at(u, y, nz - 1 - v)],
    [ny, nz, (u, v) => at(x, u, nz - 1 - v)],
  ];
  const width = views.reduce((sum, [w]) => sum + w, 0);
  const height = Math.max(ny, nz);
  const pixels = new Uint8Array(width * height);
  let left = 0;
  for (const [w, h, index] of views) {
    for (let v = 0; v < h; v++) {
      for (let u = 0; u < w; u++) {
        const even = (Math.floor(u / TILE) + Math.floor(v / TILE)) % 2 === 0;
        pixels[left + u + width * v] = (even ? a : b)[index(u, v)];
      }
    }
    left += w;
  }
  return png(pixels, width, height);
}

/** Grey from 0 to the 99th percentile of what is not 0. */
function bytes({ data }: Volume): Uint8Array {
  const sorted = data.filter((v, i) => i % 31 === 0 && v > 0).sort();
  const high = sorted[Math.floor(0.99 * (sorted.length - 1))] || 1;
  return Uint8Array.from(data, v => Math.min(255, Math.max(0, (255 * v) / high)));
}
