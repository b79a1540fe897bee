import { vec3 } from 'gl-matrix';
import type { Dataset } from '../dicom/Dataset';
import { SynthesisError } from '../errors';
import { affineFromPlane, type Grid, type Point3 } from '../volume/Volume';
import { number, numbers, point } from './attributes';

export interface SortedSlices<T> {
  /** By position along the slice normal. */
  slices: T[];
  /** Index-to-LPS grid of the sorted slices. */
  grid: Grid;
}

/** Fewest slices that make a volume. */
const FEWEST = 8;
/** Slices may lie this far off an even spacing, as a share of it. */
const UNEVEN = 0.1;

/**
 * Sorts the slices of a series by position and finds their grid.
 * @param name of the series, for messages
 * @throws SynthesisError `geometry-unsupported` saying what is wrong with the series
 */
export function sortSlices<T extends { instance: Dataset }>(
  slices: readonly T[],
  name: string,
): SortedSlices<T> {
  const refuse = (why: string) =>
    new SynthesisError('geometry-unsupported', `The series “${name}” cannot be used: ${why}.`);
  if (slices.some(s => (number(s.instance.NumberOfFrames) ?? 1) > 1)) throw refuse('it is multi-frame');
  if (slices.length < FEWEST) throw refuse(`it has ${slices.length} images, ${FEWEST} are needed`);
  const first = slices[0].instance;
  const orientation = numbers(first.ImageOrientationPatient, 6);
  const spacing = numbers(first.PixelSpacing, 2);
  if (!orientation || !spacing) throw refuse('ImageOrientationPatient or PixelSpacing is missing');
  const row = orientation.slice(0, 3) as Point3;
  const column = orientation.slice(3) as Point3;
  const normal = vec3.cross([0, 0, 0], row, column) as Point3;
  const placed = slices.map(slice => {
    const { instance } = slice;
    const position = point(instance.ImagePositionPatient);
    const same =
      Number(instance.Rows) === Number(first.Rows) &&
      Number(instance.Columns) === Number(first.Columns) &&
      numbers(instance.ImageOrientationPatient, 6)?.every((v, i) => Math.abs(v - orientation[i]) < 1e-3);
    if (!position) throw refuse('ImagePositionPatient is missing');
    if (!same) throw refuse('its images differ in size or orientation');
    return { slice, position, along: vec3.dot(position, normal) };
  });
  placed.sort((a, b) => a.along - b.along);
  const last = placed.length - 1;
  const gaps = placed.slice(1).map((p, k) => p.along - placed[k].along);
  if (gaps.some(gap => gap < 1e-3)) throw refuse('two of its images lie at the same position');
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / last;
  if (gaps.some(gap => Math.abs(gap - mean) > UNEVEN * mean)) {
    const median = [...gaps].sort((a, b) => a - b)[Math.floor(last / 2)];
    const worst = gaps.reduce(
      (at, gap, k) => (Math.abs(gap - median) > Math.abs(gaps[at] - median) ? k : at),
      0,
    );
    throw refuse(`its slices are unevenly spaced between images ${worst + 1} and ${worst + 2}`);
  }
  const whole = vec3.subtract([0, 0, 0], placed[last].position, placed[0].position);
  const sliceStep = vec3.scale([0, 0, 0], whole, 1 / last) as Point3;
  return {
    slices: placed.map(p => p.slice),
    grid: {
      dims: [Number(first.Columns), Number(first.Rows), placed.length],
      indexToWorld: affineFromPlane(placed[0].position, row, column, sliceStep, [spacing[1], spacing[0]]),
    },
  };
}
