import { inBoundingBox } from '../../../volume/box';
import { largestComponent } from '../../../volume/components';
import { piecewiseLinear } from '../../../volume/interpolate';
import { intersection, type Mask, threshold } from '../../../volume/Mask';
import {
  boxSums,
  dilate,
  erode,
  fillHolesBySlice,
  majorityFilter,
  openLargestComponent,
} from '../../../volume/morphology';
import { clip } from '../../../volume/normalize';
import { percentiles } from '../../../volume/statistics';
import type { Point3, Volume } from '../../../volume/Volume';
import type { SurfaceRules } from './brainManifest';

/** Probabilities are clipped to [this, 1 - this] before the logit. */
const PROBABILITY_CLIP = 0.001;
/** Radius of the opening that removes scalp and muscle, voxels of 2 mm. */
const OPENING_RADIUS = 4;
/** Radius of the larger neighbourhood, voxels. */
const CONTEXT_RADIUS = 2;
/** Radius of the final majority filter, which smooths the surface, voxels. */
const SMOOTHING_RADIUS = 2;

/**
 * Corrects the surface of a brain mask from the images: the network works at half the resolution, while bone,
 * fluid and cortex differ in the intensities of a voxel and its neighbours. Voxels near the surface are
 * classified again by a logistic regression, fitted by regions/brain/surface.py of models/training. A voxel
 * keeps its class where a volume is 0 all around it.
 * @param brain laid out like Volume.data
 * @param probability of brain, mean over `volumes`
 * @param volumes on the grid of the mask, any unit
 * @returns one 6-connected component, its holes filled slice by slice
 */
export function correctSurface(
  brain: Mask,
  probability: Float32Array,
  volumes: readonly Volume[],
  rules: SurfaceRules,
): Mask {
  if (!volumes.every(({ data }) => brain.some((inside, at) => inside && data[at] > 0))) return brain;
  // Classification and smoothing read no farther than this beyond the mask.
  const margin = rules.reach + Math.max(CONTEXT_RADIUS, SMOOTHING_RADIUS);
  return inBoundingBox(brain, volumes[0].dims, margin, (cropped, box, crop) => {
    const band = indicesOf(narrowBand(cropped, box, rules.reach));
    const logOdds = priorLogOdds(band, cropped, crop(probability), box, rules);
    for (const { data } of volumes) {
      const evidence = intensityLogOdds(crop(data), cropped, box, rules);
      for (let n = 0; n < band.length; n++) logOdds[n] += evidence(band[n]) / volumes.length;
    }
    const corrected = cropped.slice();
    for (let n = 0; n < band.length; n++) {
      if (!Number.isNaN(logOdds[n])) corrected[band[n]] = logOdds[n] > 0 ? 1 : 0;
    }
    const opened = openLargestComponent(corrected, box, OPENING_RADIUS);
    const smooth = majorityFilter(opened, box, SMOOTHING_RADIUS);
    return fillHolesBySlice(largestComponent(smooth, box), box);
  });
}

/** Voxels within `radius` voxels of the surface of the mask, on either side. */
function narrowBand(mask: Mask, dims: Point3, radius: number): Mask {
  const inner = erode(mask, dims, radius);
  return dilate(mask, dims, radius).map((near, i) => near & (1 - inner[i]));
}

function indicesOf(mask: Mask): Int32Array {
  const indices = new Int32Array(mask.length);
  let count = 0;
  for (let at = 0; at < mask.length; at++) if (mask[at]) indices[count++] = at;
  return indices.subarray(0, count);
}

/** Log odds of brain at each voxel of `band` from the network and the mask, before any intensity. */
function priorLogOdds(
  band: Int32Array,
  brain: Mask,
  probability: Float32Array,
  dims: Point3,
  rules: SurfaceRules,
): Float64Array {
  const counts = boxSums(brain, dims, CONTEXT_RADIUS);
  const logOdds = new Float64Array(band.length);
  for (let n = 0; n < band.length; n++) {
    const p = Math.min(1 - PROBABILITY_CLIP, Math.max(PROBABILITY_CLIP, probability[band[n]]));
    const logit = Math.log(p / (1 - p));
    logOdds[n] = rules.bias + rules.probability * logit + rules.around * (counts[band[n]] / CUBE.length);
  }
  return logOdds;
}

/** Log odds of brain at a voxel from the intensities of one contrast; NaN where all around it is 0. */
function intensityLogOdds(
  data: Float32Array,
  brain: Mask,
  dims: Point3,
  { knots, curves }: SurfaceRules,
): (at: number) => number {
  const [median] = percentiles(data, intersection(brain, threshold(data, 0)), [50]);
  const last = knots[knots.length - 1];
  const values = new Float32Array(data.length);
  for (let at = 0; at < values.length; at++) values[at] = clip(data[at] / median, last);
  const filters = new CubeFilters(values, dims);
  const on = (curve: readonly number[], x: number) => piecewiseLinear(x, knots, curve);
  return at => {
    const { mean3, min3, max3, mean5, min5, max5 } = filters.apply(at);
    if (max5 === 0) return Number.NaN;
    return (
      on(curves.voxel, values[at]) +
      on(curves.mean_3, mean3) +
      on(curves.least_3, min3) +
      on(curves.most_3, max3) +
      on(curves.mean_5, mean5) +
      on(curves.least_5, min5) +
      on(curves.most_5, max5)
    );
  };
}

/** Offsets of the cube of edge 5 around a voxel; those of the cube of edge 3 come first. */
const CUBE: readonly Point3[] = [-2, -1, 0, 1, 2]
  .flatMap(k => [-2, -1, 0, 1, 2].flatMap(j => [-2, -1, 0, 1, 2].map(i => [i, j, k] as Point3)))
  .sort((a, b) => Number(isOuter(a)) - Number(isOuter(b)));

/** Number of offsets of the cube of edge 3. */
const INNER = 27;

function isOuter(offset: Point3): boolean {
  return offset.some(n => Math.abs(n) > 1);
}

/** Mean, minimum and maximum filters of edges 3 and 5; outside the volume the nearest voxel is repeated. */
class CubeFilters {
  mean3 = 0;
  min3 = 0;
  max3 = 0;
  mean5 = 0;
  min5 = 0;
  max5 = 0;
  private readonly offsets: Int32Array;
  private readonly clampedOffsets = new Int32Array(CUBE.length);

  constructor(
    private readonly values: Float32Array,
    private readonly dims: Point3,
  ) {
    this.offsets = Int32Array.from(CUBE, ([i, j, k]) => i + dims[0] * (j + dims[1] * k));
  }

  /** Filters voxel `at`; the results hold until the next call. */
  apply(at: number): this {
    const { values } = this;
    const offsets = this.offsetsFrom(at);
    let sum = 0;
    let min = values[at];
    let max = min;
    for (let n = 0; n < CUBE.length; n++) {
      if (n === INNER) {
        this.mean3 = sum / INNER;
        this.min3 = min;
        this.max3 = max;
      }
      const value = values[at + offsets[n]];
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.mean5 = sum / CUBE.length;
    this.min5 = min;
    this.max5 = max;
    return this;
  }

  /** Array offsets of the cube from voxel `at`. */
  private offsetsFrom(at: number): Int32Array {
    const [nx, ny, nz] = this.dims;
    const i = at % nx;
    const row = (at - i) / nx;
    const j = row % ny;
    const k = (row - j) / ny;
    if (i >= 2 && i < nx - 2 && j >= 2 && j < ny - 2 && k >= 2 && k < nz - 2) return this.offsets;
    const clamp = (index: number, count: number) => Math.min(count - 1, Math.max(0, index));
    CUBE.forEach(([di, dj, dk], n) => {
      this.clampedOffsets[n] = clamp(i + di, nx) + nx * (clamp(j + dj, ny) + ny * clamp(k + dk, nz)) - at;
    });
    return this.clampedOffsets;
  }
}
