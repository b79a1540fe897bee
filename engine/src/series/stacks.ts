import { vec3 } from 'gl-matrix';
import { complexComponent } from '../dicom/complexComponent';
import { type Dataset, number, point, text } from '../dicom/Dataset';
import { inversionTime } from '../dicom/inversionTime';
import { planeNormal } from '../dicom/planeNormal';
import { identityOf, list, type Message, message, type Text } from '../messages';
import { type PlaneGeometry, planeGeometry, sameGeometry } from './planeGeometry';
import { MIN_SLICES, SAME_POSITION } from './slices';

/** Images of one series that can be one volume. */
export interface Stack<T> {
  images: readonly T[];
  /** Distinguishes it in its series, such as "echo 2"; empty if the series is one stack. */
  name: Text;
}

type Images<T> = readonly T[];

/** Echo times within this share of each other are one echo. */
const SAME_ECHO = 0.01;
/** Minimum share of all positions in the largest part of a split; interleaved passes have less. */
const MIN_SHARE = 0.75;

/**
 * Attributes that distinguish images at one position, in this order. AcquisitionNumber and AcquisitionTime
 * come last: scanners also use them to count interleaved passes of one volume.
 */
const DIMENSIONS: readonly {
  /** @param n counts the values, from 1 */
  name: (n: number, value: number | string, all: readonly (number | string)[]) => Text;
  value: (instance: Dataset) => number | string | undefined;
}[] = [
  { name: n => message('stack/stack', { number: n }), value: i => values(i.StackID) },
  { name: (_, b) => message('stack/b-value', { bValue: b }), value: i => number(i.DiffusionBValue) },
  { name: n => message('stack/inversion', { number: n }), value: inversionTime },
  {
    name: n => message('stack/time', { number: n }),
    value: i => number(i.TemporalPositionIdentifier) ?? number(i.TemporalPositionIndex),
  },
  { name: n => message('stack/time', { number: n }), value: i => number(i.TemporalPositionTimeOffset) },
  { name: (_, component) => String(component), value: complexComponent },
  { name: (_, type, all) => differingValues(String(type), all.map(String)), value: i => values(i.ImageType) },
  { name: n => message('stack/acquisition', { number: n }), value: i => number(i.AcquisitionNumber) },
  { name: n => message('stack/time', { number: n }), value: i => values(i.AcquisitionTime) },
];

/**
 * Splits the images of a series into stacks: by plane, size and frame of reference, by echo time, then by the
 * attributes that distinguish images at one position. Images without such an attribute stay together;
 * `sortSlices` refuses them. The largest stack comes first; equal stacks keep the order of echo, time and so
 * on.
 */
export function splitIntoStacks<T extends { instance: Dataset }>(images: Images<T>): Stack<T>[] {
  const planes = byPlane(images);
  const stacks = planes.flatMap(({ images: same, name }) =>
    byEcho(same).flatMap(echo =>
      byDimensions(echo.images).map(part => ({ ...part, name: join(name, join(echo.name, part.name)) })),
    ),
  );
  return unique(stacks).sort((a, b) => b.images.length - a.images.length);
}

function byPlane<T extends { instance: Dataset }>(images: Images<T>): Stack<T>[] {
  const groups: { geometry: PlaneGeometry; images: T[] }[] = [];
  for (const image of images) {
    const geometry = planeGeometry(image.instance);
    const group = groups.find(g => sameGeometry(g.geometry, geometry));
    if (group) group.images.push(image);
    else groups.push({ geometry, images: [image] });
  }
  if (isOneOfTilted(groups)) return [{ images, name: '' }];
  const differ = (name: (geometry: PlaneGeometry) => Text) =>
    new Set(groups.map(g => identityOf(name(g.geometry)))).size > 1 ? name : () => '';
  const [plane, size] = [differ(planeName), differ(g => `${g.columns ?? '?'} x ${g.rows ?? '?'}`)];
  return groups.map(g => ({ images: g.images, name: join(plane(g.geometry), size(g.geometry)) }));
}

/** Whether only its tilt cuts a series to pieces, none of them a volume: then it is refused as a whole. */
function isOneOfTilted(groups: readonly { geometry: PlaneGeometry; images: Images<unknown> }[]): boolean {
  if (groups.length < 2 || groups.some(({ images }) => images.length >= MIN_SLICES)) return false;
  const [{ geometry: first }] = groups;
  return groups.every(
    ({ geometry }) =>
      sameGeometry({ ...geometry, orientation: null }, { ...first, orientation: null }) &&
      identityOf(planeName(geometry)) === identityOf(planeName(first)),
  );
}

/** Different echoes are different contrasts, at any position. */
function byEcho<T extends { instance: Dataset }>(images: Images<T>): Stack<T>[] {
  const times = images.map(i => number(i.instance.EchoTime));
  const known = [...new Set(times)].filter(t => t !== undefined).sort((a, b) => a - b);
  const echoes = known.filter((t, n) => n === 0 || t - known[n - 1] > SAME_ECHO * t);
  if (echoes.length < 2 || times.includes(undefined)) return [{ images, name: '' }];
  return echoes.map((from, n) => ({
    name: message('stack/echo', { number: n + 1 }),
    images: images.filter((_, i) => times[i]! >= from && !(times[i]! >= echoes[n + 1])),
  }));
}

function byDimensions<T extends { instance: Dataset }>(images: Images<T>): Stack<T>[] {
  const { most, positions } = atOnePosition(images);
  if (most < 2) return [{ images, name: '' }];
  for (const { name, value } of DIMENSIONS) {
    const values = [...new Set(images.map(i => value(i.instance)))];
    // More values than images at a position: the attribute counts something else, such as slices.
    if (values.length < 2 || values.length > most || values.includes(undefined)) continue;
    const known = (values as (number | string)[]).sort((a, b) => (a < b ? -1 : 1));
    const parts = known.map((v, n) => ({
      name: name(n + 1, v, known),
      images: images.filter(i => value(i.instance) === v),
    }));
    const inside = parts.map(part => atOnePosition(part.images));
    if (inside.some(part => part.most === most)) continue;
    if (inside.every(part => part.positions < MIN_SHARE * positions)) continue;
    return parts.flatMap(part =>
      byDimensions(part.images).map(s => ({ images: s.images, name: join(part.name, s.name) })),
    );
  }
  return [{ images, name: '' }];
}

/** Number of positions, and of images at the fullest one. The images have parallel planes. */
function atOnePosition(images: Images<{ instance: Dataset }>): { most: number; positions: number } {
  const normal = planeNormal(planeGeometry(images[0].instance).orientation);
  const along = images
    .map(i => point(i.instance.ImagePositionPatient))
    .filter(p => p !== null)
    .map(p => vec3.dot(p, normal))
    .sort((a, b) => a - b);
  let [most, positions] = [0, 0];
  for (let k = 0, from = 0; k < along.length; k++) {
    if (k === 0 || along[k] - along[from] >= SAME_POSITION) {
      from = k;
      positions++;
    }
    most = Math.max(most, k - from + 1);
  }
  return { most, positions };
}

function planeName({ orientation }: PlaneGeometry): Message {
  const [x, y, z] = planeNormal(orientation).map(Math.abs);
  if (!orientation) return message('plane/none');
  if (z >= x && z >= y) return message('plane/axial');
  return y >= x ? message('plane/coronal') : message('plane/sagittal');
}

/** Numbers stacks of the same name. */
function unique<T>(stacks: readonly Stack<T>[]): Stack<T>[] {
  const count = (counts: Map<string, number>, name: Text) => {
    const key = identityOf(name);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts.get(key)!;
  };
  const [all, sofar] = [new Map<string, number>(), new Map<string, number>()];
  for (const { name } of stacks) count(all, name);
  return stacks.map(stack =>
    all.get(identityOf(stack.name)) === 1
      ? stack
      : { ...stack, name: join(stack.name, message('stack/part', { number: count(sofar, stack.name) })) },
  );
}

function join(a: Text, b: Text): Text {
  return a && b ? list([a, b], ', ') : a || b;
}

/** The values of an ImageType that are not the same in all: "WATER". */
function differingValues(imageType: string, all: readonly string[]): string {
  const types = all.map(type => type.split('\\'));
  return imageType
    .split('\\')
    .filter((value, n) => types.some(type => type[n] !== value))
    .join(' ');
}

/** All values of an attribute as one text; undefined without any. */
function values(attribute: unknown): string | undefined {
  return (
    [attribute]
      .flat()
      .flatMap(value => text(value) ?? [])
      .join('\\') || undefined
  );
}
