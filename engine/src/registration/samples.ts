import { mulberry32 } from '../inference/mulberry32';
import { trilinear } from '../volume/interpolate';
import { indexToWorld, type Point3, type Volume } from '../volume/Volume';

/** Sample points of a reference. */
export interface Samples {
  /** LPS mm, three coordinates per sample. */
  points: Float32Array;
  /** Bin of the reference at each sample. */
  bins: Uint8Array;
}

/**
 * About `count` samples of a reference, at most one per voxel, by jittered (stratified) sampling: a random
 * position in each cell of a lattice. A regular lattice would cause interpolation artefacts in the
 * similarity.
 * @param reference in units of bins
 */
export function sampleReference(reference: Volume, count: number, seed: number): Samples {
  const uniform = mulberry32(seed);
  const { dims, data } = reference;
  const [nx, ny, nz] = dims;
  const edge = Math.cbrt(Math.max(1, data.length / count));
  const cells = dims.map(n => Math.max(1, Math.round(n / edge))) as Point3;
  const total = cells[0] * cells[1] * cells[2];
  const points = new Float32Array(3 * total);
  const bins = new Uint8Array(total);
  let n = 0;
  for (let k = 0; k < cells[2]; k++) {
    for (let j = 0; j < cells[1]; j++) {
      for (let i = 0; i < cells[0]; i++, n++) {
        const [x, y, z] = [i, j, k].map((c, r) => ((c + uniform()) / cells[r]) * dims[r] - 0.5);
        points.set(indexToWorld(reference, [x, y, z]), 3 * n);
        bins[n] = Math.round(trilinear(data, nx, ny, nz, x, y, z));
      }
    }
  }
  return { points, bins };
}
