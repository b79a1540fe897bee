import { vec3 } from 'gl-matrix';
import { type Dataset, point } from '../dicom/Dataset';
import { SynthesisError } from '../errors';
import { identityOf, type Message, message, type Text } from '../messages';
import { medianHigh } from '../volume/statistics';
import { affineFromPlane, type Grid, type Point3 } from '../volume/Volume';
import { faultOf } from './faults';
import { numbered } from './imageNumbers';
import { planeGeometry, planeNormal, sameGeometry } from './planeGeometry';

export interface SortedSlices<T> {
  /** By position along the slice normal. */
  slices: T[];
  /** Index-to-LPS grid of the sorted slices; its third axis follows the positions, also where they are sheared. */
  grid: Grid;
}

/** Fewest slices that make a volume. */
export const FEWEST = 8;
/** Slices may lie this far off an even spacing, as a share of it. */
const UNEVEN = 0.1;
/** Slices may be shifted sideways by this much of their spacing from one to the next (11 degrees). */
const MOST_SHEAR = 0.2;
/** Voxels of 512 slices of 512 x 512. */
const MOST_VOXELS = 2 ** 27;
/** mm from the first to the last slice. */
const LONGEST = 1000;
/** Two slices nearer than this are at the same position, mm. */
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
 * @throws SynthesisError `geometry-unsupported` saying what is wrong with the series, with the numbers of the images
 */
export function sortSlices<T extends { instance: Dataset }>(
  slices: readonly T[],
  name: Text,
): SortedSlices<T> {
  const why = imageFault(slices) ?? countFault(slices) ?? mixture(slices);
  if (why) throw refusal(name, why);
  const { rows, columns, orientation, spacing } = planeGeometry(slices[0].instance);
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
  const not = spacingFault(placed) ?? lineFault(placed) ?? shearFault(step, normal) ?? sizeFault(dims, whole);
  if (not) throw refusal(name, not);
  const [row, column] = [orientation!.slice(0, 3), orientation!.slice(3)] as Point3[];
  return {
    slices: placed.map(p => p.slice),
    grid: {
      dims,
      indexToWorld: affineFromPlane(placed[0].position, row, column, step, [spacing![1], spacing![0]]),
    },
  };
}

function refusal(name: Text, why: Message): SynthesisError {
  return new SynthesisError(
    'geometry-unsupported',
    message('series/unusable', { series: name, reason: why }),
  );
}

type Images = readonly { instance: Dataset }[];

function countFault({ length }: Images): Message | null {
  return length < FEWEST ? message('series/too-few-images', { count: length, needed: FEWEST }) : null;
}

function imageFault(images: Images): Message | null {
  const instances = images.map(i => i.instance);
  const faults = instances.map(faultOf);
  const fault = faults.find(f => f !== null);
  if (!fault) return null;
  const bad = where(faults, f => f !== null && identityOf(f) === identityOf(fault));
  return message('series/attribute-in', { fault, images: numbered(instances, bad) });
}

function mixture(images: Images): Message | null {
  const instances = images.map(i => i.instance);
  const first = planeGeometry(instances[0]);
  const others = where(instances, i => !sameGeometry(planeGeometry(i), first));
  return others.length ? message('series/mixed-geometry', { images: numbered(instances, others) }) : null;
}

type Stack = readonly Placed<{ instance: Dataset }>[];

/** Slices at one place, missing ones, uneven ones. */
function spacingFault(stack: Stack): Message | null {
  const gaps = stack.slice(1).map((p, k) => p.along - stack[k].along);
  const twins = where(stack, (_, k) => gaps[k] < SAME_POSITION || gaps[k - 1] < SAME_POSITION);
  if (twins.length) return message('series/same-position', { images: named(stack, twins) });
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  if (gaps.every(gap => Math.abs(gap - mean) <= UNEVEN * mean)) return null;
  const usual = medianHigh(gaps);
  const uneven = where(gaps, gap => Math.abs(gap - usual) > UNEVEN * usual);
  if (uneven.length === 0) return null;
  const pair = named(stack, [uneven[0], uneven[0] + 1]);
  const steps = uneven.map(k => gaps[k] / usual);
  if (steps.some(n => n < 1.5 || Math.abs(n - Math.round(n)) > 2 * UNEVEN))
    return message('series/uneven-spacing', { images: pair });
  const missing = steps.reduce((sum, n) => sum + Math.round(n) - 1, 0);
  return steps.length > 1
    ? message('series/slices-missing-first', { count: missing, images: pair })
    : message('series/slices-missing', { count: missing, images: pair });
}

/** Slices off the straight line on which the others lie. */
function lineFault(stack: Stack): Message | null {
  const axis = [0, 1, 2] as const;
  // Medians over half the stack, an even number of slices: one slice astray and alternating rounding do not tilt the line.
  const half = 2 * Math.floor(stack.length / 4);
  const step = axis.map(
    r => medianHigh(stack.slice(half).map((p, k) => p.position[r] - stack[k].position[r])) / half,
  );
  const start = axis.map(r => medianHigh(stack.map((p, k) => p.position[r] - k * step[r])));
  const off = ({ position }: Stack[number], k: number) =>
    Math.hypot(...axis.map(r => position[r] - start[r] - k * step[r]));
  const beside = where(stack, (p, k) => off(p, k) > UNEVEN * Math.hypot(...step));
  if (beside.length === 0) return null;
  return message('series/off-line', { images: named(stack, beside) });
}

function shearFault(step: Point3, normal: Point3): Message | null {
  const along = vec3.dot(step, normal);
  const aside = Math.hypot(...vec3.scaleAndAdd([0, 0, 0], step, normal, -along));
  if (aside <= MOST_SHEAR * along) return null;
  const degrees = Math.round((Math.atan2(aside, along) * 180) / Math.PI);
  return message('series/sheared', { degrees });
}

function sizeFault(dims: Point3, whole: vec3): Message | null {
  if (vec3.length(whole) > LONGEST) return message('series/too-long');
  const voxels = dims[0] * dims[1] * dims[2];
  if (voxels <= MOST_VOXELS) return null;
  const [have, most] = [voxels, MOST_VOXELS].map(v => Math.round(v / 1e6));
  return message('series/too-large', { dims: dims.join(' x '), millions: have, most });
}

function named(stack: Stack, chosen: readonly number[]): Message {
  return numbered(
    stack.map(p => p.slice.instance),
    chosen,
  );
}

/** Indices of the items for which something holds. */
function where<T>(items: readonly T[], holds: (item: T, index: number) => boolean): number[] {
  return items.flatMap((item, index) => (holds(item, index) ? [index] : []));
}
