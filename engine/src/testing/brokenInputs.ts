import { mat4 } from 'gl-matrix';
import type { Region } from '../domains/Region';
import type { RoleId } from '../domains/Role';
import { mulberry32 } from '../inference/mulberry32';
import { trilinear } from '../volume/interpolate';
import { percentiles } from '../volume/statistics';
import {
  axisStep,
  type Grid,
  indexToWorld,
  type Point3,
  spacingOf,
  type Volume,
  worldToIndex,
} from '../volume/Volume';
import { eachVoxel, sampled } from './linear';

/** Acquired series of one head, T1, T2 and FLAIR or T1ce among them, and the brain in them. */
export interface Inputs {
  volumes: ReadonlyMap<RoleId, Volume>;
  region: Region;
}

type Volumes = Map<RoleId, Volume>;

/** A way in which inputs can be wrong; null where these inputs cannot be broken so. */
export interface Breakage {
  name: string;
  broken(inputs: Inputs, other: Inputs | undefined): Volumes | null;
}

/**
 * Twenty-one kinds of wrong inputs, as a table of tests. Which series is recognized as what is passed over:
 * each of them is taken for what it is said to be.
 */
export const BREAKAGES: readonly Breakage[] = [
  { name: "another patient's T2", broken: (own, other) => fromAnother(own, other, 't2') },
  { name: 'a third of the brain resected, fluid', broken: inputs => resected(inputs, true) },
  { name: 'a third of the brain resected, signal 0', broken: inputs => resected(inputs, false) },
  { name: 'infant-like: small head, T1 grey and white exchanged', broken: infant },
  { name: 'a spine (phantom)', broken: spine },
  { name: 'noise at a tenth of the signal, T1', broken: only('t1', noisy) },
  { name: 'noise at a tenth of the signal, T2', broken: only('t2', noisy) },
  { name: 'noise at a tenth of the signal, FLAIR', broken: only('flair', noisy) },
  { name: 'T1 and T2 exchanged', broken: inputs => exchanged(inputs, 't1', 't2') },
  { name: 'T2 and FLAIR exchanged', broken: inputs => exchanged(inputs, 't2', 'flair') },
  { name: 'T1ce given as T1', broken: inputs => givenAs(inputs, 't1ce', 't1') },
  { name: 'T2 shifted by 30 mm', broken: only('t2', shifted) },
  { name: 'T2 flipped, left to right', broken: only('t2', volume => flipped(volume, 0)) },
  { name: 'all upside down', broken: all(volume => flipped(volume, 2)) },
  { name: 'half the resolution, T2', broken: only('t2', coarse) },
  { name: 'blurred by 4 mm, T2', broken: only('t2', volume => blurred(volume, 4)) },
  { name: 'shading by a factor of 4, T2', broken: only('t2', shaded) },
  { name: 'upper half of the brain only', broken: upperHalf },
  { name: 'T2 constant', broken: only('t2', volume => mapped(volume, () => 100)) },
  { name: 'motion ghosts, T2', broken: only('t2', ghosts) },
  { name: 'T2 inverted', broken: only('t2', inverted) },
];

function only(role: RoleId, change: (volume: Volume, region: Region) => Volume): Breakage['broken'] {
  return ({ volumes, region }) => {
    const volume = volumes.get(role);
    return volume ? new Map(volumes).set(role, change(volume, region)) : null;
  };
}

function all(change: (volume: Volume, region: Region) => Volume): Breakage['broken'] {
  return ({ volumes, region }) => new Map([...volumes].map(([role, v]) => [role, change(v, region)]));
}

function fromAnother({ volumes, region }: Inputs, other: Inputs | undefined, role: RoleId): Volumes | null {
  const volume = other?.volumes.get(role);
  if (!other || !volume || !volumes.has(role)) return null;
  // The other brain is put where this one is, as if the patient were registered under the wrong name.
  const [from, to] = [centreOf(other.region), centreOf(region)];
  const step = to.map((v, r) => v - from[r]) as Point3;
  return new Map(volumes).set(role, moved(volume, mat4.fromTranslation(mat4.create(), step)));
}

function exchanged({ volumes }: Inputs, one: RoleId, other: RoleId): Volumes | null {
  const [a, b] = [volumes.get(one), volumes.get(other)];
  return a && b ? new Map(volumes).set(one, b).set(other, a) : null;
}

function givenAs({ volumes }: Inputs, given: RoleId, as: RoleId): Volumes | null {
  const volume = volumes.get(given);
  return volume && volumes.has(as) ? new Map(volumes).set(as, volume) : null;
}

function mapped(volume: Volume, value: (own: number, world: Point3) => number): Volume {
  const data = new Float32Array(volume.data.length);
  eachVoxel(volume, (index, at) => {
    data[at] = value(volume.data[at], indexToWorld(volume, index));
  });
  return { ...volume, data };
}

/** A ball in the left half of the brain, a third of its volume, emptied in every source. */
function resected(inputs: Inputs, fluid: boolean): Volumes {
  const { volumes, region } = inputs;
  const centre = centreOf(region);
  const radius = ((voxelsOf(region).length * voxelVolume(region.grid)) / Math.PI / 4) ** (1 / 3);
  const middle: Point3 = [centre[0] + 0.75 * radius, centre[1], centre[2] + 10];
  return new Map(
    [...volumes].map(([role, volume]) => {
      const [dark, bright] = levels(volume, region, [1, 99]);
      const value = fluid ? (role === 't2' ? bright : dark) : 0;
      const inside = (at: Point3) => Math.hypot(...at.map((v, r) => v - middle[r])) < radius;
      return [role, mapped(volume, (own, world) => (own > 0 && inside(world) ? value : own))] as const;
    }),
  );
}

/** Two thirds of the size; what is grey becomes as bright as white matter in T1, and the other way round. */
function infant({ volumes, region }: Inputs): Volumes {
  const centre = centreOf(region);
  return new Map(
    [...volumes].map(([role, volume]) => {
      const [low, high] = levels(volume, region, [20, 95]);
      const exchange = (v: number) => (role === 't1' && v > low && v < high ? low + high - v : v);
      const smaller = mat4.fromTranslation(mat4.create(), centre);
      mat4.scale(smaller, smaller, [0.67, 0.67, 0.67]);
      mat4.translate(smaller, smaller, centre.map(v => -v) as Point3);
      return [role, moved(mapped(volume, exchange), smaller)] as const;
    }),
  );
}

/** A column of vertebrae with its cord in a neck, on the grids of the study. */
function spine({ volumes, region }: Inputs): Volumes {
  const [cx, cy] = centreOf(region);
  const values: Readonly<Record<string, readonly number[]>> = {
    t2: [0, 500, 250, 450, 900, 350],
    flair: [0, 450, 250, 350, 80, 400],
  };
  const tissue = ([x, y, z]: Point3): number => {
    const [dx, dy] = [x - cx, y - cy];
    if (Math.hypot(dx / 70, dy / 75) > 1) return 0;
    if (Math.hypot(dx, dy - 25) < 6) return 5;
    if (Math.hypot(dx, dy - 25) < 11) return 4;
    if (Math.hypot(dx / 20, dy / 16) < 1) return Math.abs(z % 24) < 4 ? 2 : 3;
    return Math.hypot(dx / 60, dy / 65) > 1 ? 1 : 2;
  };
  return new Map(
    [...volumes].map(([role, grid]) => {
      const of = values[role] ?? [0, 700, 300, 450, 120, 350];
      return [role, sampled(grid, world => of[tissue(world)])] as const;
    }),
  );
}

/** Rician, a tenth of the brain's median. */
function noisy(volume: Volume, region: Region): Volume {
  const [median] = levels(volume, region, [50]);
  const random = mulberry32(7);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) * 0.1 * median;
  return mapped(volume, own => Math.hypot(own + normal(), normal()));
}

function shifted(volume: Volume): Volume {
  return moved(volume, mat4.fromTranslation(mat4.create(), [20, 20, 10]));
}

/** The content mirrored along one axis of the patient; the grid stays. */
function flipped(volume: Volume, axis: 0 | 1 | 2): Volume {
  const own = nearestAxis(volume, axis);
  const { dims, data } = volume;
  const out = new Float32Array(data.length);
  eachVoxel(volume, (index, at) => {
    const from = index.map((n, r) => (r === own ? dims[r] - 1 - n : n));
    out[at] = data[from[0] + dims[0] * (from[1] + dims[1] * from[2])];
  });
  return { ...volume, data: out };
}

/** Every two voxels along each axis become one. */
function coarse(volume: Volume): Volume {
  const dims = volume.dims.map(n => Math.max(1, Math.floor(n / 2))) as Point3;
  const affine = mat4.translate(mat4.create(), volume.indexToWorld, [0.5, 0.5, 0.5]);
  mat4.scale(affine, affine, [2, 2, 2]);
  const [nx, ny] = volume.dims;
  const data = new Float32Array(dims[0] * dims[1] * dims[2]);
  eachVoxel({ dims, indexToWorld: affine }, ([i, j, k], at) => {
    let sum = 0;
    for (let n = 0; n < 8; n++) {
      sum += volume.data[2 * i + (n & 1) + nx * (2 * j + ((n >> 1) & 1) + ny * (2 * k + (n >> 2)))];
    }
    data[at] = sum / 8;
  });
  return { dims, indexToWorld: affine, data };
}

/** Gaussian of that full width at half maximum in mm, along each axis. */
function blurred(volume: Volume, width: number): Volume {
  let { data } = volume;
  const { dims } = volume;
  const steps = [1, dims[0], dims[0] * dims[1]];
  for (const [axis, spacing] of spacingOf(volume).entries()) {
    const sigma = width / 2.355 / spacing;
    const reach = Math.ceil(3 * sigma);
    const weights = Array.from({ length: 2 * reach + 1 }, (_, n) =>
      Math.exp(-((n - reach) ** 2) / 2 / sigma ** 2),
    );
    const whole = weights.reduce((a, b) => a + b);
    const out = new Float32Array(data.length);
    eachVoxel(volume, (index, at) => {
      let sum = 0;
      for (let n = -reach; n <= reach; n++) {
        const held = Math.min(dims[axis] - 1, Math.max(0, index[axis] + n)) - index[axis];
        sum += weights[n + reach] * data[at + held * steps[axis]];
      }
      out[at] = sum / whole;
    });
    data = out;
  }
  return { ...volume, data };
}

/** Halved on the brain's right, doubled on its left. */
function shaded(volume: Volume, region: Region): Volume {
  const [cx] = centreOf(region);
  return mapped(volume, (own, [x]) => own * 2 ** Math.max(-1, Math.min(1, (x - cx) / 60)));
}

/** The grids end in the middle of the brain. */
function upperHalf({ volumes, region }: Inputs): Volumes {
  const height = centreOf(region)[2];
  return new Map(
    [...volumes].map(([role, volume]) => {
      const axis = nearestAxis(volume, 2);
      const up = axisStep(volume, axis)[2] > 0;
      const middle: Point3 = [0, 1, 2].map(r => (volume.dims[r] - 1) / 2) as Point3;
      const above = Array.from({ length: volume.dims[axis] }, (_, n) => {
        const index = middle.map((v, r) => (r === axis ? n : v)) as Point3;
        return indexToWorld(volume, index)[2] > height;
      });
      const first = up ? above.indexOf(true) : 0;
      const size = above.filter(Boolean).length;
      const dims = volume.dims.map((n, r) => (r === axis ? size : n)) as Point3;
      const start = [0, 1, 2].map(r => (r === axis ? first : 0)) as Point3;
      const data = new Float32Array(dims[0] * dims[1] * dims[2]);
      const affine = mat4.translate(mat4.create(), volume.indexToWorld, start);
      eachVoxel({ dims, indexToWorld: affine }, ([i, j, k], at) => {
        const [x, y, z] = [i + start[0], j + start[1], k + start[2]];
        data[at] = volume.data[x + volume.dims[0] * (y + volume.dims[1] * z)];
      });
      return [role, { dims, indexToWorld: affine, data }] as const;
    }),
  );
}

/** Copies of the head along the phase encoding, from front to back, at a quarter of the signal. */
function ghosts(volume: Volume): Volume {
  const axis = nearestAxis(volume, 1);
  const { dims, data } = volume;
  const step = [1, dims[0], dims[0] * dims[1]][axis];
  const shift = Math.round(dims[axis] / 6);
  const out = new Float32Array(data.length);
  eachVoxel(volume, (index, at) => {
    let value = data[at];
    for (const [by, sign] of [
      [shift, 1],
      [-shift, 1],
      [2 * shift, -1],
      [-2 * shift, -1],
    ]) {
      const from = (index[axis] + by + dims[axis]) % dims[axis];
      value += 0.25 * sign * data[at + (from - index[axis]) * step];
    }
    out[at] = Math.abs(value);
  });
  return { ...volume, data: out };
}

/** Bright becomes dark inside the head. */
function inverted(volume: Volume, region: Region): Volume {
  const [low, high] = levels(volume, region, [0.5, 99.5]);
  return mapped(volume, own => (own > low / 2 ? Math.max(low / 2, high + low - own) : own));
}

function moved(volume: Volume, transform: mat4): Volume {
  return { ...volume, indexToWorld: mat4.multiply(mat4.create(), transform, volume.indexToWorld) };
}

/** The axis of a volume that is nearest to left, back or head. */
function nearestAxis(volume: Volume, patient: 0 | 1 | 2): 0 | 1 | 2 {
  const spacing = spacingOf(volume);
  const along = (axis: 0 | 1 | 2) => Math.abs(axisStep(volume, axis)[patient]) / spacing[axis];
  return ([0, 1, 2] as const).reduce((best, axis) => (along(axis) > along(best) ? axis : best));
}

/** Percentiles of a volume in the brain. */
function levels(volume: Volume, region: Region, percents: readonly number[]): number[] {
  const toIndex = worldToIndex(volume);
  const values = voxelsOf(region).map(at => {
    const [x, y, z] = transformed(toIndex, at);
    return trilinear(volume.data, ...volume.dims, x, y, z);
  });
  const inside = Float32Array.from(values.filter(v => !Number.isNaN(v)));
  return percentiles(inside, new Uint8Array(inside.length).fill(1), percents);
}

/** World positions of every voxel of the region, LPS mm. */
function voxelsOf({ grid, mask }: Region): Point3[] {
  const found: Point3[] = [];
  eachVoxel(grid, (index, at) => {
    if (mask[at]) found.push(indexToWorld(grid, index));
  });
  return found;
}

function centreOf(region: Region): Point3 {
  const voxels = voxelsOf(region);
  const sum = voxels.reduce((s, at) => [s[0] + at[0], s[1] + at[1], s[2] + at[2]], [0, 0, 0]);
  return [sum[0] / voxels.length, sum[1] / voxels.length, sum[2] / voxels.length];
}

function voxelVolume(grid: Grid): number {
  return spacingOf(grid).reduce((product, mm) => product * mm, 1);
}

function transformed(m: mat4, [x, y, z]: Point3): Point3 {
  return [0, 1, 2].map(r => m[r] * x + m[4 + r] * y + m[8 + r] * z + m[12 + r]) as Point3;
}
