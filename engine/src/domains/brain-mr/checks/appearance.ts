import { vec3 } from 'gl-matrix';
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

type Sample = readonly [position: Point3, value: number];

/** Measures a volume (real-world values, LPS) on a coarse sample; null where it shows too little. */
export function appearanceOf(volume: Volume): Appearance | null {
  const samples = sampled(volume);
  const centre = deepBrain(samples);
  if (!centre) return null;
  const within = (mm: number) => samples.filter(([p]) => vec3.distance(p, centre) < mm);
  const deep = within(DEEP).map(([, value]) => Math.abs(value));
  const brain = within(BRAIN).map(([, value]) => value);
  const around = samples.flatMap(([p, value]) => {
    const distance = vec3.distance(p, centre);
    return distance > BRAIN && distance < 2 * BRAIN ? [value] : [];
  });
  const beside = samples.flatMap(([[x, , z], value]) =>
    Math.abs(x - centre[0]) > HALF_WIDTH && z > centre[2] - BRAIN ? [Math.abs(value)] : [],
  );
  const air = Math.max(corners(volume), beside.length < ENOUGH ? 0 : percentile(beside, 50));
  if (deep.length < ENOUGH || around.length < ENOUGH) return null;
  const median = percentile(deep, 50);
  const all = brain.reduce((sum, value) => sum + Math.abs(value), 0);
  const below = brain.reduce((sum, value) => sum + Math.max(0, -value), 0);
  const bright = percentile(around, 98);
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

function sampled({ dims, indexToWorld, data }: Volume): Sample[] {
  const spacing = spacingOf({ dims, indexToWorld });
  const [di, dj, dk] = spacing.map(mm => Math.max(1, Math.round(SAMPLING / mm)));
  const samples: Sample[] = [];
  for (let k = 0; k < dims[2]; k += dk)
    for (let j = 0; j < dims[1]; j += dj)
      for (let i = 0; i < dims[0]; i += di) {
        const position = vec3.transformMat4([0, 0, 0], [i, j, k], indexToWorld) as Point3;
        samples.push([position, data[i + dims[0] * (j + dims[1] * k)]]);
      }
  return samples;
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
      return percentile(values, 50);
    }),
  );
  return medians.sort((a, b) => a - b)[1];
}

/** A point deep in the brain: below the vertex, in the middle of the head there. Null without a head. */
function deepBrain(samples: readonly Sample[]): Point3 | null {
  const values = samples.map(([, value]) => Math.abs(value));
  if (values.length < ENOUGH) return null;
  const limit = HEAD * percentile(values, 99);
  const head = samples.filter(([, value]) => Math.abs(value) > limit).map(([p]) => p);
  if (head.length < ENOUGH) return null;
  const heights = head.map(p => p[2]);
  const [foot, vertex] = [percentile(heights, 0.5), percentile(heights, 99.5)];
  const z = Math.max(vertex - DEPTH, (foot + vertex) / 2);
  const slab = head.filter(p => Math.abs(p[2] - z) < DEEP);
  if (slab.length < ENOUGH) return null;
  const middle = (axis: 0 | 1) => {
    const along = slab.map(p => p[axis]);
    return (percentile(along, 2) + percentile(along, 98)) / 2;
  };
  return [middle(0), middle(1), z];
}

function percentile(values: readonly number[], percent: number): number {
  return percentileOf(Float32Array.from(values), percent);
}
