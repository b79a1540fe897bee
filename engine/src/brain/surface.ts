import { inBox } from '../volume/box';
import { interpolate } from '../volume/interpolate';
import { largestComponent } from '../volume/largestComponent';
import { above, both, type Mask } from '../volume/Mask';
import { cubeCounts, cutBridges, dilate, erode, fillHolesBySlice, majority } from '../volume/morphology';
import { clipped, percentiles } from '../volume/normalize';
import type { Point3, Volume } from '../volume/Volume';
import type { SurfaceRules } from './brainManifest';

/** Probabilities are clipped to this and one minus this before their logit is taken. */
const CERTAIN = 0.001;
/** Radius of what is thin enough to be scalp or muscle, voxels of 2 mm. */
const THIN = 4;
/** How far the larger cube of neighbours reaches around a voxel. */
const NEIGHBOURS = 2;
/** A surface judged voxel by voxel is ragged: in the end the majority decides, as far as this around a voxel. */
const SMOOTH = 2;

/**
 * Moves the surface of what was found to where the images show it: the network works at half the resolution, and what is dark
 * bone, dark or bright fluid, or cortex is seen better in the voxel and its neighbours. Each voxel near the surface is judged
 * again, by the evidence of a logistic regression: regions/brain/surface.py of models/training fits it. Where a volume shows
 * nothing around a voxel, the voxel stays what it was.
 * @param brain as found, laid out like Volume.data
 * @param probability of brain, the mean over `volumes`
 * @param volumes on the mask's grid, any unit
 * @returns one 6-connected piece, its holes filled slice by slice
 */
export function correctSurface(
  brain: Mask,
  probability: Float32Array,
  volumes: readonly Volume[],
  rules: SurfaceRules,
): Mask {
  if (!volumes.every(({ data }) => brain.some((inside, at) => inside && data[at] > 0))) return brain;
  // Judging and smoothing look no farther than this beyond what was found.
  const margin = rules.reach + Math.max(NEIGHBOURS, SMOOTH);
  return inBox(brain, volumes[0].dims, margin, (boxed, box, cut) => {
    const judged = indicesOf(shell(boxed, box, rules.reach));
    const evidence = context(judged, boxed, cut(probability), box, rules);
    for (const { data } of volumes) {
      const seen = seenBy(cut(data), boxed, box, rules);
      for (let n = 0; n < judged.length; n++) evidence[n] += seen(judged[n]) / volumes.length;
    }
    const corrected = boxed.slice();
    for (let n = 0; n < judged.length; n++) {
      if (!Number.isNaN(evidence[n])) corrected[judged[n]] = evidence[n] > 0 ? 1 : 0;
    }
    const smooth = majority(cutBridges(corrected, box, THIN), box, SMOOTH);
    return fillHolesBySlice(largestComponent(smooth, box), box);
  });
}

/** What is within `reach` voxels of the mask's surface, on either side. */
function shell(mask: Mask, dims: Point3, reach: number): Mask {
  const inner = erode(mask, dims, reach);
  return dilate(mask, dims, reach).map((near, i) => near & (1 - inner[i]));
}

function indicesOf(mask: Mask): Int32Array {
  const indices = new Int32Array(mask.length);
  let count = 0;
  for (let at = 0; at < mask.length; at++) if (mask[at]) indices[count++] = at;
  return indices.subarray(0, count);
}

/** What the network and the mask say, before any intensity: log odds at each of the voxels `judged`. */
function context(
  judged: Int32Array,
  brain: Mask,
  probability: Float32Array,
  dims: Point3,
  rules: SurfaceRules,
): Float64Array {
  const counts = cubeCounts(brain, dims, NEIGHBOURS);
  const evidence = new Float64Array(judged.length);
  for (let n = 0; n < judged.length; n++) {
    const p = Math.min(1 - CERTAIN, Math.max(CERTAIN, probability[judged[n]]));
    const logit = Math.log(p / (1 - p));
    evidence[n] = rules.bias + rules.probability * logit + rules.around * (counts[judged[n]] / CUBE.length);
  }
  return evidence;
}

/** What one contrast says of a voxel: log odds; NaN where it shows nothing around it. */
function seenBy(
  data: Float32Array,
  brain: Mask,
  dims: Point3,
  { knots, curves }: SurfaceRules,
): (at: number) => number {
  const shown = both(brain, above(data, 0));
  const [typical] = percentiles(data, shown, [50]);
  const last = knots[knots.length - 1];
  const values = new Float32Array(data.length);
  for (let at = 0; at < values.length; at++) values[at] = clipped(data[at] / typical, last);
  const cubes = new Cubes(values, dims);
  const on = (curve: readonly number[], x: number) => interpolate(x, knots, curve);
  return at => {
    const cube = cubes.look(at);
    if (cube.most5 === 0) return Number.NaN;
    return (
      on(curves.voxel, values[at]) +
      on(curves.mean_3, cube.mean3) +
      on(curves.least_3, cube.least3) +
      on(curves.most_3, cube.most3) +
      on(curves.mean_5, cube.mean5) +
      on(curves.least_5, cube.least5) +
      on(curves.most_5, cube.most5)
    );
  };
}

/** Places of the cube of 5 voxels around a voxel, those of the cube of 3 first. */
const CUBE: readonly Point3[] = [-2, -1, 0, 1, 2]
  .flatMap(k => [-2, -1, 0, 1, 2].flatMap(j => [-2, -1, 0, 1, 2].map(i => [i, j, k] as Point3)))
  .sort((a, b) => Number(isFar(a)) - Number(isFar(b)));

/** How many of them the cube of 3 voxels has. */
const SMALLER = 27;

function isFar(place: Point3): boolean {
  return place.some(n => Math.abs(n) > 1);
}

/** Mean, least and most of the cubes of 3 and 5 voxels around a voxel; beyond the volume its outermost voxels are repeated. */
class Cubes {
  mean3 = 0;
  least3 = 0;
  most3 = 0;
  mean5 = 0;
  least5 = 0;
  most5 = 0;
  private readonly offsets: Int32Array;
  private readonly held = new Int32Array(CUBE.length);

  constructor(
    private readonly values: Float32Array,
    private readonly dims: Point3,
  ) {
    this.offsets = Int32Array.from(CUBE, ([i, j, k]) => i + dims[0] * (j + dims[1] * k));
  }

  /** Looks at voxel `at`: the answer holds until the next look. */
  look(at: number): this {
    const { values } = this;
    const offsets = this.offsetsFrom(at);
    let sum = 0;
    let least = values[at];
    let most = least;
    for (let n = 0; n < CUBE.length; n++) {
      if (n === SMALLER) {
        this.mean3 = sum / SMALLER;
        this.least3 = least;
        this.most3 = most;
      }
      const value = values[at + offsets[n]];
      sum += value;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    this.mean5 = sum / CUBE.length;
    this.least5 = least;
    this.most5 = most;
    return this;
  }

  /** How far in the array the voxels of the cube are from voxel `at`. */
  private offsetsFrom(at: number): Int32Array {
    const [nx, ny, nz] = this.dims;
    const i = at % nx;
    const row = (at - i) / nx;
    const j = row % ny;
    const k = (row - j) / ny;
    if (i >= 2 && i < nx - 2 && j >= 2 && j < ny - 2 && k >= 2 && k < nz - 2) return this.offsets;
    const inside = (index: number, count: number) => Math.min(count - 1, Math.max(0, index));
    CUBE.forEach(([di, dj, dk], n) => {
      this.held[n] = inside(i + di, nx) + nx * (inside(j + dj, ny) + ny * inside(k + dk, nz)) - at;
    });
    return this.held;
  }
}
