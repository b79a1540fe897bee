import { boundingBox, cropValues } from './box';
import type { Mask } from './Mask';
import type { Point3 } from './Volume';

/** Voxels along each side of the window. */
const WINDOW = 7;
/** (K1 L)^2 and (K2 L)^2 for a data range L of 1 (Wang 2004). */
const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;

/**
 * Mean structural similarity of two volumes over a mask: 3-D, uniform window, sample covariance, as
 * `skimage.metrics.structural_similarity` has it on the mask's bounding box. Slices along k without any voxel
 * of the mask are left out, so that a mask on every fifth slice compares these slices with each other.
 * @param a, b values in [0, 1], laid out like Volume.data
 * @throws RangeError when the mask is empty
 */
export function structuralSimilarity(a: Float32Array, b: Float32Array, mask: Mask, dims: Point3): number {
  const box = boundingBox(mask, dims, 0);
  const [inside, x, y] = [mask, a, b].map(values => cropValues(values, dims, box));
  const kept = slicesWith(inside as Mask, box.dims);
  if (kept.length === 0) throw new RangeError('The mask is empty.');
  const size: Point3 = [box.dims[0], box.dims[1], kept.length];
  const plane = size[0] * size[1];
  const [within, first, second] = [inside, x, y].map(values =>
    Float32Array.from({ length: plane * kept.length }, (_, i) => {
      return values[kept[Math.floor(i / plane)] * plane + (i % plane)];
    }),
  );
  const shortest = Math.min(...size);
  const window = Math.min(WINDOW, shortest - ((shortest + 1) % 2));
  const mean = (value: (i: number) => number) =>
    boxMean(
      first.map((_, i) => value(i)),
      size,
      window,
    );
  const meanX = mean(i => first[i]);
  const meanY = mean(i => second[i]);
  const meanXX = mean(i => first[i] * first[i]);
  const meanYY = mean(i => second[i] * second[i]);
  const meanXY = mean(i => first[i] * second[i]);
  const sample = window ** 3 / (window ** 3 - 1);
  let [sum, count] = [0, 0];
  for (let i = 0; i < within.length; i++) {
    if (!within[i]) continue;
    const [ux, uy] = [meanX[i], meanY[i]];
    const vx = sample * (meanXX[i] - ux * ux);
    const vy = sample * (meanYY[i] - uy * uy);
    const vxy = sample * (meanXY[i] - ux * uy);
    sum += ((2 * ux * uy + C1) * (2 * vxy + C2)) / ((ux * ux + uy * uy + C1) * (vx + vy + C2));
    count++;
  }
  return sum / count;
}

function slicesWith(mask: Mask, [nx, ny, nz]: Point3): number[] {
  const plane = nx * ny;
  return Array.from({ length: nz }, (_, k) => k).filter(k =>
    mask.subarray(k * plane, (k + 1) * plane).includes(1),
  );
}

/**
 * Mean over a cube around each voxel; beyond the volume its values are mirrored, the outermost twice
 * (scipy.ndimage.uniform_filter, mode "reflect").
 * @param size odd, at most the shortest of `dims`
 */
function boxMean(values: Float32Array, dims: Point3, size: number): Float32Array {
  const half = (size - 1) / 2;
  for (let axis = 0, stride = 1; axis < 3; stride *= dims[axis++]) {
    const n = dims[axis];
    const line = new Float64Array(n + 2 * half);
    for (let start = 0; start < values.length; start += n * stride) {
      for (let at = start; at < start + stride; at++) {
        for (let i = -half; i < n + half; i++) {
          const mirrored = i < 0 ? -i - 1 : i < n ? i : 2 * n - 1 - i;
          line[i + half] = values[at + mirrored * stride];
        }
        let sum = 0;
        for (let i = 0; i < size; i++) sum += line[i];
        for (let i = 0; i < n; i++) {
          values[at + i * stride] = sum / size;
          sum += line[i + size] - line[i];
        }
      }
    }
  }
  return values;
}
