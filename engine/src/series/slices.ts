import { vec3 } from 'gl-matrix';
import { type Dataset, point } from '../dicom/Dataset';
import { planeNormal } from '../dicom/planeNormal';
import { SynthesisError } from '../errors';
import { identityOf, type Message, message, type Text } from '../messages';
import { medianHigh } from '../volume/statistics';
import { affineFromPlane, type Grid, type Point3 } from '../volume/Volume';
import { imageNumbers } from './imageNumbers';
import { meanOrientation, planeGeometry, sameGeometry } from './planeGeometry';
import { validateImage } from './validateImage';

export interface SortedSlices<T> {
  /** By position along the slice normal. */
  slices: T[];
  /** Index-to-LPS grid of the sorted slices; its third axis follows the positions, even if sheared. */
  grid: Grid;
}

/** Minimum number of slices of a volume. */
export const MIN_SLICES = 8;
/** Accepted deviation from even spacing, as a share of the spacing. */
const SPACING_TOLERANCE = 0.1;
/** Accepted in-plane shift between neighbouring slices, as a share of the spacing (11 degrees). */
const MAX_SHEAR = 0.2;
/** Voxels of 512 slices of 512 x 512. */
const MAX_VOXELS = 2 ** 27;
/** From the first to the last slice, mm. */
const MAX_LENGTH = 1000;
/** Slices closer than this have the same position, mm. */
export const SAME_POSITION = 1e-3;

interface Placed<T> {
  slice: T;
  position: Point3;
  /** Position along the slice normal, mm. */
  along: number;
}

/**
 * Sorts the slices of a stack by position and finds their grid.
 * @param name of the series, for messages
 * @throws SynthesisError `geometry-unsupported` with the fault and the numbers of the images
 */
export function sortSlices<T extends { instance: Dataset }>(
  slices: readonly T[],
  name: Text,
): SortedSlices<T> {
  const invalid = invalidImages(slices) ?? tooFew(slices) ?? mixedGeometry(slices);
  if (invalid) throw refusal(name, invalid);
  const planes = slices.map(slice => planeGeometry(slice.instance));
  const [{ rows, columns, spacing }] = planes;
  const orientation = meanOrientation(
    planes.flatMap(plane => (plane.orientation ? [plane.orientation] : [])),
  );
  const normal = planeNormal(orientation);
  const placed = slices
    .map(slice => {
      const position = point(slice.instance.ImagePositionPatient)!;
      return { slice, position, along: vec3.dot(position, normal) };
    })
    .sort((a, b) => a.along - b.along);
  const last = placed.length - 1;
  const whole = vec3.subtract([0, 0, 0], placed[last].position, placed[0].position);
  const step = vec3.scale([0, 0, 0], whole, 1 / last) as Point3;
  const dims: Point3 = [columns!, rows!, placed.length];
  const error = unevenSpacing(placed) ?? offLine(placed) ?? sheared(step, normal) ?? tooLarge(dims, whole);
  if (error) throw refusal(name, error);
  const [row, column] = [orientation.slice(0, 3), orientation.slice(3)] as Point3[];
  return {
    slices: placed.map(p => p.slice),
    grid: {
      dims,
      indexToWorld: affineFromPlane(placed[0].position, row, column, step, [spacing![1], spacing![0]]),
    },
  };
}

/** Grids by images: a preflight asks several times, and one is made at each change. */
const grids = new WeakMap<Images, Grid | Message>();

/**
 * Grid of a series, or the message why it cannot be used.
 * @param images of one series; the same array is not looked at again
 * @param name of the series, for the message
 */
export function gridOf(images: Images, name: Text): Grid | Message {
  const grid = grids.get(images) ?? gridOrFault(images, name);
  grids.set(images, grid);
  return grid;
}

function gridOrFault(images: Images, name: Text): Grid | Message {
  try {
    return sortSlices(images, name).grid;
  } catch (thrown) {
    if (thrown instanceof SynthesisError) return thrown.text;
    throw thrown;
  }
}

function refusal(name: Text, why: Message): SynthesisError {
  return new SynthesisError(
    'geometry-unsupported',
    message('series/unusable', { series: name, reason: why }),
  );
}

type Images = readonly { instance: Dataset }[];

function tooFew({ length }: Images): Message | null {
  return length < MIN_SLICES ? message('series/too-few-images', { count: length, needed: MIN_SLICES }) : null;
}

function invalidImages(images: Images): Message | null {
  const instances = images.map(i => i.instance);
  const faults = instances.map(validateImage);
  const fault = faults.find(f => f !== null);
  if (!fault) return null;
  const bad = findIndices(faults, f => f !== null && identityOf(f) === identityOf(fault));
  return message('series/attribute-in', { fault, images: imageNumbers(instances, bad) });
}

function mixedGeometry(images: Images): Message | null {
  const instances = images.map(i => i.instance);
  const first = planeGeometry(instances[0]);
  const others = findIndices(instances, i => !sameGeometry(planeGeometry(i), first));
  return others.length ? message('series/mixed-geometry', { images: imageNumbers(instances, others) }) : null;
}

type Stack = readonly Placed<{ instance: Dataset }>[];

/** Reports slices at one position, missing slices and uneven spacing. */
function unevenSpacing(stack: Stack): Message | null {
  const gaps = stack.slice(1).map((p, k) => p.along - stack[k].along);
  const duplicates = findIndices(stack, (_, k) => gaps[k] < SAME_POSITION || gaps[k - 1] < SAME_POSITION);
  if (duplicates.length) return message('series/same-position', { images: numbersOf(stack, duplicates) });
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  if (gaps.every(gap => Math.abs(gap - mean) <= SPACING_TOLERANCE * mean)) return null;
  const usual = medianHigh(gaps);
  const uneven = findIndices(gaps, gap => Math.abs(gap - usual) > SPACING_TOLERANCE * usual);
  if (uneven.length === 0) return null;
  const pair = numbersOf(stack, [uneven[0], uneven[0] + 1]);
  const steps = uneven.map(k => gaps[k] / usual);
  if (steps.some(n => n < 1.5 || Math.abs(n - Math.round(n)) > 2 * SPACING_TOLERANCE))
    return message('series/uneven-spacing', { images: pair });
  const missing = steps.reduce((sum, n) => sum + Math.round(n) - 1, 0);
  return steps.length > 1
    ? message('series/slices-missing-first', { count: missing, images: pair })
    : message('series/slices-missing', { count: missing, images: pair });
}

/** Reports slices off the straight line through the others. */
function offLine(stack: Stack): Message | null {
  const axis = [0, 1, 2] as const;
  // Medians over half the stack, an even number of slices: robust to one outlier and alternating rounding.
  const half = 2 * Math.floor(stack.length / 4);
  const step = axis.map(
    r => medianHigh(stack.slice(half).map((p, k) => p.position[r] - stack[k].position[r])) / half,
  );
  const start = axis.map(r => medianHigh(stack.map((p, k) => p.position[r] - k * step[r])));
  const off = ({ position }: Stack[number], k: number) =>
    Math.hypot(...axis.map(r => position[r] - start[r] - k * step[r]));
  const outliers = findIndices(stack, (p, k) => off(p, k) > SPACING_TOLERANCE * Math.hypot(...step));
  if (outliers.length === 0) return null;
  return message('series/off-line', { images: numbersOf(stack, outliers) });
}

function sheared(step: Point3, normal: Point3): Message | null {
  const along = vec3.dot(step, normal);
  const aside = Math.hypot(...vec3.scaleAndAdd([0, 0, 0], step, normal, -along));
  if (aside <= MAX_SHEAR * along) return null;
  const degrees = Math.round((Math.atan2(aside, along) * 180) / Math.PI);
  return message('series/sheared', { degrees });
}

function tooLarge(dims: Point3, whole: vec3): Message | null {
  if (vec3.length(whole) > MAX_LENGTH) return message('series/too-long');
  const voxels = dims[0] * dims[1] * dims[2];
  if (voxels <= MAX_VOXELS) return null;
  const [have, most] = [voxels, MAX_VOXELS].map(v => Math.round(v / 1e6));
  return message('series/too-large', { dims: dims.join(' x '), millions: have, most });
}

function numbersOf(stack: Stack, chosen: readonly number[]): Message {
  return imageNumbers(
    stack.map(p => p.slice.instance),
    chosen,
  );
}

/** Indices of the items that satisfy a predicate. */
function findIndices<T>(items: readonly T[], holds: (item: T, index: number) => boolean): number[] {
  return items.flatMap((item, index) => (holds(item, index) ? [index] : []));
}
