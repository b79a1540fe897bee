import type { Message } from '../../../messages';
import { percentileOf } from '../../../volume/statistics';
import { type Point3, spacingOf, type Volume } from '../../../volume/Volume';
import { message } from '../en';

/** What the pixels of a series show of its kind; figures of the deep brain, some 75 mm below the vertex. */
export interface Appearance {
  /** Share of negative values in the sum of absolute values there: 0 of a magnitude image, 0.5 of a phase. */
  negative: number;
  /** Median of the air over that there, absolute values: little of a magnitude image, 1 of a phase. */
  air: number;
  /** Median there over the 98th percentile of what lies around: the scalp, with its fat. */
  brain: number;
}

/** Most of the first two and least of the last in a source; docs/recognition.md has the measurements. */
const LIMITS = { negative: 0.1, air: 0.5, brain: 0.15 };
/** mm between the samples. */
const SAMPLING = 6;
/** Share of the 99th percentile that is no air. */
const HEAD = 0.15;
/** mm: depth of the deep brain below the vertex, its radius, that of the brain, half the width of a head. */
const [DEPTH, DEEP, BRAIN, HALF_WIDTH] = [75, 35, 60, 100];
/** Share of columns and of rows in a corner. */
const CORNER = 0.05;
/** Fewer samples prove nothing. */
const ENOUGH = 50;

/** A volume on a coarse grid. */
interface Samples {
  values: Float32Array;
  /** LPS, mm, an array an axis. */
  places: readonly [x: Float64Array, y: Float64Array, z: Float64Array];
}

/** Measures a volume (real-world values, LPS) on a coarse sample; null where it shows too little. */
export function appearanceOf(volume: Volume): Appearance | null {
  const samples = sampled(volume);
  const {
    values,
    places: [x, , z],
  } = samples;
  const centre = deepBrain(samples);
  if (!centre) return null;
  const distance = distances(samples, centre);
  const deep = where(values, n => distance[n] < DEEP).map(Math.abs);
  const brain = where(values, n => distance[n] < BRAIN);
  const around = where(values, n => distance[n] > BRAIN && distance[n] < 2 * BRAIN);
  const beside = where(values, n => Math.abs(x[n] - centre[0]) > HALF_WIDTH && z[n] > centre[2] - BRAIN).map(
    Math.abs,
  );
  const air = Math.max(corners(volume), beside.length < ENOUGH ? 0 : percentileOf(beside, 50));
  if (deep.length < ENOUGH || around.length < ENOUGH) return null;
  const median = percentileOf(deep, 50);
  const all = brain.reduce((sum, value) => sum + Math.abs(value), 0);
  const below = brain.reduce((sum, value) => sum + Math.max(0, -value), 0);
  const bright = percentileOf(around, 98);
  return {
    negative: all > 0 ? below / all : 0,
    air: median > 0 ? air / median : 0,
    brain: bright > 0 ? median / bright : 1,
  };
}

/** What a series looks like that is none of the contrasts, or null. */
export function otherKind(seen: Appearance | null): Message | null {
  if (!seen) return null;
  if (seen.negative > LIMITS.negative) return message('brain-mr/looks-like/signed');
  if (seen.air > LIMITS.air) return message('brain-mr/looks-like/phase');
  if (seen.brain < LIMITS.brain) return message('brain-mr/looks-like/fat');
  return null;
}

function sampled({ dims, indexToWorld, data }: Volume): Samples {
  const spacing = spacingOf({ dims, indexToWorld });
  const [di, dj, dk] = spacing.map(mm => Math.max(1, Math.round(SAMPLING / mm)));
  const count = [di, dj, dk].reduce((all, step, axis) => all * Math.ceil(dims[axis] / step), 1);
  const values = new Float32Array(count);
  const places = [new Float64Array(count), new Float64Array(count), new Float64Array(count)] as const;
  for (let k = 0, n = 0; k < dims[2]; k += dk)
    for (let j = 0; j < dims[1]; j += dj)
      for (let i = 0; i < dims[0]; i += di, n++) {
        values[n] = data[i + dims[0] * (j + dims[1] * k)];
        for (let axis = 0; axis < 3; axis++)
          places[axis][n] =
            indexToWorld[axis] * i +
            indexToWorld[4 + axis] * j +
            indexToWorld[8 + axis] * k +
            indexToWorld[12 + axis];
      }
  return { values, places };
}

/** mm from a point. */
function distances({ places: [x, y, z] }: Samples, [cx, cy, cz]: Point3): Float64Array {
  return x.map((_, n) => Math.sqrt((x[n] - cx) ** 2 + (y[n] - cy) ** 2 + (z[n] - cz) ** 2));
}

/** The values whose number passes. */
function where<T extends Float32Array | Float64Array>(values: T, passes: (n: number) => boolean): T {
  return values.filter((_, n) => passes(n)) as T;
}

/** Median of the second darkest corner of the slices, absolute values: a sagittal slice has tissue in two. */
function corners({ dims: [columns, rows, slices], data }: Volume): number {
  const [width, height] = [Math.ceil(CORNER * columns), Math.ceil(CORNER * rows)];
  const medians = [0, columns - width].flatMap(left =>
    [0, rows - height].map(top => {
      const values: number[] = [];
      for (let k = 0; k < slices; k += 2)
        for (let j = top; j < top + height; j += 2)
          for (let i = left; i < left + width; i += 2)
            values.push(Math.abs(data[i + columns * (j + rows * k)]));
      return percentileOf(Float32Array.from(values), 50);
    }),
  );
  return medians.sort((a, b) => a - b)[1];
}

/** A point deep in the brain: below the vertex, in the middle of the head there. Null without a head. */
function deepBrain({ values, places }: Samples): Point3 | null {
  if (values.length < ENOUGH) return null;
  const limit = HEAD * percentileOf(values.map(Math.abs), 99);
  const isHead = (n: number) => Math.abs(values[n]) > limit;
  const [x, y, heights] = places.map(along => where(along, isHead));
  if (heights.length < ENOUGH) return null;
  const [foot, vertex] = [0.5, 99.5].map(percent => percentileOf(heights.slice(), percent));
  const z = Math.max(vertex - DEPTH, (foot + vertex) / 2);
  const isSlab = (n: number) => Math.abs(heights[n] - z) < DEEP;
  const [across, deep] = [x, y].map(along => where(along, isSlab));
  if (across.length < ENOUGH) return null;
  const middle = (along: Float64Array) => (percentileOf(along, 2) + percentileOf(along, 98)) / 2;
  return [middle(across), middle(deep), z];
}
