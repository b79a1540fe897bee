import { uniforms } from '../inference/uniforms';
import { trilinear } from '../volume/trilinear';
import { indexToWorld, type Point3, type Volume } from '../volume/Volume';

/** Places in the reference where its value is known. */
export interface Samples {
  /** LPS mm, three a sample. */
  points: Float32Array;
  /** The reference's bin at each. */
  bins: Uint8Array;
}

/**
 * About `count` samples of a reference, no more than voxels: one a cell of a lattice over the whole volume, at a random place in the cell. On
 * the lattice itself, similarity would rise and fall with the voxels' own rhythm.
 * @param reference in units of bins
 */
export function sample(reference: Volume, count: number, seed: number): Samples {
  const uniform = uniforms(seed);
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
