import { readFileSync } from 'node:fs';
import { mat4 } from 'gl-matrix';
import { describe, expect, it } from 'vitest';
import { ANCHOR_ROUNDS, type AnchorRules, anchorIntensities } from './anchors';
import { eachRun, type Mask } from './Mask';
import { clip, type Normalized, normalize } from './normalize';
import { withTargetShading } from './targetShading';
import type { Point3, Volume } from './Volume';

// What models/training/synthesis/data/fixture.py made of the same head.
interface Expected {
  white_matter: number;
  spread: number;
  anchored: number[];
}
const { every, cases }: { every: number; cases: Record<string, Expected>[] } = JSON.parse(
  readFileSync(new URL('../../../tests/fixtures/anchors/fixture.json', import.meta.url), 'utf8'),
);

const CEILING = 1.275;
const RULES: AnchorRules = {
  tissue: [
    { roles: ['t1', 't1ce'], percentiles: [60, 95] },
    { roles: ['t2'], percentiles: [3, 45] },
    { roles: ['flair'], percentiles: [15, 65] },
  ],
  rim: 4,
  level: 0.5,
  spread: 0.1,
  quantiles: { t1: 0.7, t1ce: 0.7, t2: 0.3, flair: 0.4 },
};

/** Columns, rows, slices of 1 mm. */
const DIMS: Point3 = [60, 68, 56];
/**
 * Number of the contrast, signal of white matter, grey matter and fluid; logarithm of the shading along k, j,
 * i and in kk, at 40 mm.
 */
const HEAD: Record<string, [number, Point3, [number, number, number, number]]> = {
  t1: [0, [750, 500, 150], [0.5, -0.3, 0.2, 0.4]],
  t2: [2, [350, 500, 900], [0.3, 0.2, -0.3, 0.3]],
  flair: [3, [500, 600, 150], [-0.2, 0.4, 0.1, 0.5]],
};

function head(role: string): { signal: Volume; brain: Mask } {
  const [contrast, [white, gray, water], [a, b, c, d]] = HEAD[role];
  const [nx, ny, nz] = DIMS;
  const data = new Float32Array(nx * ny * nz);
  const brain = new Uint8Array(data.length);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const [x, y, z] = [i - (nx - 1) / 2, j - (ny - 1) / 2, k - (nz - 1) / 2];
        const radius = Math.sqrt(z * z + 0.8 * y * y + 1.2 * x * x);
        const folds = 1.5 * Math.sin(x / 3) * Math.cos(y / 4 + z / 5);
        const grey = 1 / (1 + Math.exp(21 + folds - radius));
        const fluid = 1 / (1 + Math.exp(2 * (Math.sqrt(z * z + 0.5 * y * y + 2 * x * x) - 6)));
        let signal = white + (gray - white) * grey;
        signal += (water - signal) * fluid;
        signal *= 1 + 0.03 * Math.sin(2.1 * x + contrast) * Math.cos(1.7 * y - z);
        data[at] = signal * Math.exp((a * z + b * y + c * x + (d * z * z) / 40) / 40);
        brain[at] = radius < 26 ? 1 : 0;
      }
    }
  }
  return { signal: { dims: DIMS, indexToWorld: mat4.create(), data }, brain };
}

const { brain } = head('t1');
function acquired(role: string, gain = 1): Normalized {
  const { signal } = head(role);
  for (let i = 0; i < signal.data.length; i++) signal.data[i] *= gain;
  return normalize(signal, brain, { lower: 0.5, upper: 99.5, ceiling: CEILING });
}
const images = (roles: readonly string[], gain = 1) =>
  new Map(roles.map(role => [role, acquired(role, gain)] as const));

function inside({ data }: Volume): number[] {
  const values: number[] = [];
  eachRun(brain, (start, end) => values.push(...data.subarray(start, end)));
  return values;
}

describe('anchorIntensities', () => {
  it.each(cases.map(one => [Object.keys(one).join(' + '), one] as const))(
    'agrees with training: %s',
    async (_, expected) => {
      const found = await anchorIntensities(images(Object.keys(expected)), brain, RULES, CEILING);
      for (const [role, { white_matter, spread, anchored }] of Object.entries(expected)) {
        const volume = found.get(role)!;
        expect(Math.abs(volume.tissue - white_matter)).toBeLessThan(1e-3);
        expect(Math.abs(volume.spread - spread)).toBeLessThan(1e-3);
        const part = inside(volume).filter((_, n) => n % every === 0);
        expect(part).toHaveLength(anchored.length);
        expect(Math.max(...part.map((v, n) => Math.abs(v - anchored[n])))).toBeLessThan(1e-3);
      }
    },
  );

  it('removes the shading of the tissue', async () => {
    const given = images(['t1', 't2']);
    const found = await anchorIntensities(given, brain, RULES, CEILING);
    const [nx, ny, nz] = DIMS;
    /** A voxel of white matter of slice k. */
    const at = ({ data }: Volume, k: number) => data[nx / 2 + 12 + nx * (ny / 2 + ny * k)];
    for (const [role, volume] of found) {
      const slope = (v: Volume) => Math.abs(at(v, nz / 2 + 12) / at(v, nz / 2 - 12) - 1);
      expect(slope(volume)).toBeLessThan(slope(given.get(role)!) / 2);
    }
  });

  it('tells the shading that it removed', async () => {
    const given = images(['t1', 't2']);
    for (const [role, volume] of await anchorIntensities(given, brain, RULES, CEILING)) {
      const { data, floor } = given.get(role)!;
      const anchoredOf = (v: number) => 0.5 + ((v - volume.tissue) * 0.1) / volume.spread;
      const rule = { like: role, share: 1, no_signal: anchoredOf(-floor) };
      const rules = { anchors: { target_shading: { [role]: rule } }, ceiling: CEILING };
      const again = inside(withTargetShading(volume, brain, role, new Map([[role, volume]]), rules));
      const expected = inside({ ...volume, data: data.map(v => clip(anchoredOf(v), CEILING)) });
      // What was clipped without shading cannot come back.
      const kept = inside(volume).map(v => v > 0 && v < CEILING - 1e-6);
      expect(Math.max(...again.map((v, n) => (kept[n] ? Math.abs(v - expected[n]) : 0)))).toBeLessThan(1e-5);
    }
  });

  it('does not depend on the unit', async () => {
    const [once, again] = [
      await anchorIntensities(images(['t2']), brain, RULES, CEILING),
      await anchorIntensities(images(['t2'], 7), brain, RULES, CEILING),
    ];
    const [a, b] = [inside(once.get('t2')!), inside(again.get('t2')!)];
    expect(Math.max(...a.map((v, n) => Math.abs(v - b[n])))).toBeLessThan(1e-3);
  });

  it('leaves 0 outside the region and stays in [0, ceiling]', async () => {
    const volume = (await anchorIntensities(images(['flair']), brain, RULES, CEILING)).get('flair')!;
    expect(volume.data.every((v, i) => (brain[i] ? v >= 0 && v <= Math.fround(CEILING) : v === 0))).toBe(
      true,
    );
  });

  it('makes something finite of a region that is too small for a fit', async () => {
    const few = brain
      .slice()
      .fill(0, 0, brain.length / 2)
      .fill(0, brain.length / 2 + 2000);
    const volume = (await anchorIntensities(images(['t1']), few, RULES, CEILING)).get('t1')!;
    expect(volume.data.every(Number.isFinite)).toBe(true);
  });

  it('takes a single slice', async () => {
    const image = acquired('t1');
    const plane = DIMS[0] * DIMS[1];
    const from = (DIMS[2] / 2) * plane;
    const slice: Normalized = {
      ...image,
      dims: [DIMS[0], DIMS[1], 1],
      data: image.data.slice(from, from + plane),
    };
    const region = brain.slice(from, from + plane);
    const found = await anchorIntensities(new Map([['t1', slice]]), region, RULES, CEILING);
    expect(Math.max(...found.get('t1')!.data)).toBeGreaterThan(0.4);
    expect(found.get('t1')!.data.every(Number.isFinite)).toBe(true);
  });

  it('tells each fit', async () => {
    let calls = 0;
    await anchorIntensities(images(['t1', 't2']), brain, RULES, CEILING, { onImage: () => calls++ });
    expect(calls).toBe(2 * ANCHOR_ROUNDS);
  });

  it('stops when cancelled', async () => {
    const running = anchorIntensities(images(['t1']), brain, RULES, CEILING, { signal: AbortSignal.abort() });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});
