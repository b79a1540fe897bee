import { percentileOf } from '@modality-synthesis/engine';

/** Upper ends of the colour scale: few, so that results have the same colours for the same errors. */
export const UPPER_ENDS = [5, 10, 20, 50, 100, 200] as const;

/** Digits behind the decimal mark that errors on a scale are read with. */
export function digitsOf(upper: number): number {
  return upper > 20 ? 0 : 1;
}

/** Voxels of which the percentile is taken: of all it would take as long as a dropped frame. */
const SAMPLE = 100_000;

/** Multiples of the golden ratio, modulo 1, are spread evenly, and not along the rows of a volume. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The colour scale that a map is first shown with: the least upper end that 99 of 100 estimates do not
 * exceed.
 * @param errors expected errors by voxel, 0 where there is no estimate
 */
export function defaultUpperEnd(errors: Float32Array): number {
  const some: number[] = [];
  for (let n = 0; n < SAMPLE; n++) {
    const error = errors[Math.floor(((n * GOLDEN) % 1) * errors.length)];
    if (error > 0) some.push(error);
  }
  const most = some.length > 0 ? percentileOf(Float32Array.from(some), 99) : 0;
  return UPPER_ENDS.find(upper => upper >= most) ?? UPPER_ENDS[UPPER_ENDS.length - 1];
}
