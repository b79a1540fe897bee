import { readFile } from 'node:fs/promises';
import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { upgradedManifest } from '../../../bundle/fields';
import type { Mask } from '../../../volume/Mask';
import type { Point3, Volume } from '../../../volume/Volume';
import { brainManifestSchema, type SurfaceRules } from './brainManifest';
import { correctSurface } from './surface';

const dims: Point3 = [40, 40, 40];
const knots = [0, 0.5, 1, 2];
const nothing = [0, 0, 0, 0];
/** Bright voxels are brain, dark ones are not, whatever the network says. */
const byIntensity: SurfaceRules = {
  reach: 2,
  knots,
  bias: 0,
  probability: 0,
  around: 0,
  curves: {
    voxel: [-1, -1, 1, 1],
    mean_3: nothing,
    least_3: nothing,
    most_3: nothing,
    mean_5: nothing,
    least_5: nothing,
    most_5: nothing,
  },
};

function each(value: (radius: number, i: number) => number): Float32Array {
  return Float32Array.from({ length: 64000 }, (_, at) => {
    const [i, j, k] = [at % 40, Math.floor(at / 40) % 40, Math.floor(at / 1600)];
    return value(Math.hypot(i - 20, j - 20, k - 20), i);
  });
}

const ball = (radius: number): Mask => Uint8Array.from(each(r => (r <= radius ? 1 : 0)));
const volume = (data: Float32Array): Volume => ({ dims, data, indexToWorld: mat4.create() });
const image = volume(each(r => (r <= 12 ? 800 : r <= 15 ? 80 : 600)));
const differing = (a: Mask, b: Mask): number => a.filter((v, at) => v !== b[at]).length;
const even = each(() => 0.5);
/** Voxels that the majority filter removes from balls this small; a shift by one voxel changes 1700. */
const ROUNDED = 500;

describe('correctSurface', () => {
  it('moves the surface to where the image shows it, from either side, and no farther than its reach', () => {
    expect(differing(correctSurface(ball(14), even, [image], byIntensity), ball(12))).toBeLessThan(ROUNDED);
    expect(differing(correctSurface(ball(10.5), even, [image], byIntensity), ball(12))).toBeLessThan(ROUNDED);
    const outer = ball(10);
    const short = correctSurface(ball(8), even, [image], byIntensity);
    expect(short.every((v, at) => v <= outer[at])).toBe(true);
  });

  it('averages all contrasts', () => {
    const against = volume(each(r => (r <= 14 ? 800 : 0.1)));
    const doubly = [against, against, image];
    expect(differing(correctSurface(ball(14), even, doubly, byIntensity), ball(14))).toBeLessThan(ROUNDED);
  });

  it('removes thin parts', () => {
    const rimmed = volume(each((r, i) => (r <= 12 || (i === 20 && r <= 18) ? 800 : 80)));
    const found = correctSurface(ball(14), even, [rimmed], byIntensity);
    const outer = ball(15);
    expect(found.every((v, at) => v <= outer[at])).toBe(true);
  });

  it('leaves the mask where a contrast shows nothing', () => {
    const half = volume(image.data.map((v, at) => (at % 40 < 20 ? v : 0)));
    const found = correctSurface(ball(14), even, [image, half], byIntensity);
    const beyond = (mask: Mask) => mask.filter((_, at) => at % 40 > 22);
    expect(differing(beyond(found), beyond(ball(14)))).toBeLessThan(ROUNDED);
    const empty = volume(new Float32Array(64000));
    expect(differing(correctSurface(ball(14), even, [image, empty], byIntensity), ball(14))).toBe(0);
  });
});

it('the manifest refuses curves that do not fit their knots', async () => {
  const file = new URL('../../../../../models/bundles/brain-extraction/bundle.json', import.meta.url);
  const json = brainManifestSchema.parse(upgradedManifest(JSON.parse(await readFile(file, 'utf8'))));
  const refused = (surface: object) =>
    brainManifestSchema.safeParse({ ...json, surface }).error?.issues[0].path;
  expect(refused(byIntensity)).toBeUndefined();
  expect(refused({ ...byIntensity, knots: [0, 1, 0.5, 2] })).toEqual(['surface', 'knots']);
  expect(refused({ ...byIntensity, knots: [0, 1, 2] })).toEqual(['surface', 'curves']);
});
