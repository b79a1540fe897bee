import { mat4 } from 'gl-matrix';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RoleId } from '../../domains/Role';
import type { ServedModel } from '../../inference/ServedModel';
import { correlate } from '../../inference/sampler';
import { fakeCdm } from '../../testing/fakeCdm';
import { TINY_DIFFUSION, tinyManifest } from '../../testing/tinyManifest';
import type { Volume } from '../../volume/Volume';
import type { MethodJob, MethodStep } from '../Method';
import { cdm } from './cdm';
import { whiteNoise } from './drawSample';
import { type CdmManifest, cdmManifestSchema } from './manifest';

const manifest = tinyManifest();
manifest.uncertainty.factor.flair = 3;
for (const network of Object.values(manifest.networks)) network.flops = 100;
manifest.indeterminate = { t1ce: { above: 0.5, text: 'Whether it enhances cannot be told.' } };
const [rows, columns] = manifest.grid.size;
const DEPTH = 6;
const plane = rows * columns;
const volume: Volume = {
  dims: [columns, rows, DEPTH],
  indexToWorld: mat4.fromScaling(mat4.create(), manifest.grid.spacing),
  data: new Float32Array(plane * DEPTH).fill(0.5),
};
/** Without the first slice and the last voxel. */
const region = new Uint8Array(plane * DEPTH).fill(1, plane).fill(0, plane * DEPTH - 1);

let runs: string[];
let steps: MethodStep[];
beforeEach(() => {
  runs = [];
  steps = [];
});
const run = (targets: RoleId[], more: Partial<MethodJob<CdmManifest, Record<string, never>>> = {}) =>
  cdm.run({
    manifest,
    network: fakeCdm(manifest, name => runs.push(name)),
    sources: new Map([['t2', volume]]),
    region,
    targets: targets.map(id => ({ id })),
    options: {},
    seed: 1,
    onStep: step => steps.push(step),
    ...more,
  });

describe('cdm', () => {
  it('makes all targets in one run a slab and member, of the slices of the region', async () => {
    const made = await run(['flair', 't1']);
    // Five slices are two slabs of four.
    expect(runs).toEqual(['cunet-0', 'cunet-1', 'cunet-0', 'cunet-1']);
    const images = [1, 2, 3, 4].map(n => ['images', n, 4]);
    expect(steps.map(({ stage, done, of }) => [stage, done, of])).toEqual(images);
    for (const { mean } of made.values()) {
      expect(mean.data[plane + 5]).toBeCloseTo(0.55, 6);
      expect([mean.data[5], mean.data.at(-1)]).toEqual([0, 0]);
    }
  });

  it('clips to the ceiling', async () => {
    const bright = new Map([['t2', { ...volume, data: volume.data.map(() => 7) }]]);
    const { mean } = (await run(['flair'], { sources: bright })).get('flair')!;
    expect(mean.data[plane]).toBe(1.25);
  });

  it('tells the expected error and the probabilities of lesions', async () => {
    const made = (await run(['flair'])).get('flair')!;
    const { any, enhancing } = made.lesions!();
    expect([any.data[plane], any.data[2 * plane - 1]]).toEqual([1, 0]);
    expect([enhancing!.data[plane], enhancing!.data[2 * plane - 1]]).toEqual([0.25, 0]);
    const { spread } = made.uncertainty();
    expect(spread.data[plane]).toBeCloseTo(0.06, 6);
    expect([spread.data[0], any.data[0], enhancing!.data[0]]).toEqual([0, 0, 0]);
  });

  it('says where the enhancement of a lesion cannot be told', async () => {
    const made = await run(['t1ce', 'flair']);
    const { mask, text } = made.get('t1ce')!.uncertainty().indeterminate!;
    expect(text).toBe('Whether it enhances cannot be told.');
    expect([mask[0], mask[plane], mask[2 * plane - 1]]).toEqual([0, 1, 0]);
    expect(made.get('flair')!.uncertainty().indeterminate).toBeUndefined();
  });

  it('counts the operations of its slabs', () => {
    const slices = { depth: 10, spacing: 1, wanted: 9 };
    expect(cdm.flops(manifest, slices, ['t2'], ['flair'], {})).toBe(3 * 200);
    expect(cdm.networks(manifest, ['t2'], [{ id: 'flair' }], {})).toEqual(['cunet-0', 'cunet-1']);
  });

  it('offers samples where the bundle can draw them', () => {
    expect(cdm.parameters!(manifest, 'flair')).toEqual({});
    const able = { ...manifest, diffusion: TINY_DIFFUSION };
    expect(cdm.parameters!(able, 'flair')).toMatchObject({ sample: { min: 0, default: 0 } });
    const networks = (sample: number) =>
      cdm.networks(able, ['t2'], [{ id: 'flair', parameters: { sample } }, { id: 't1' }], {});
    expect(networks(0)).toEqual(['cunet-0', 'cunet-1']);
    expect(networks(2)).toEqual(['cunet-0', 'cunet-1', 'mrm', 'mdn-condition', 'mdn']);
  });

  it('tells the seed of a sample, on which the most likely image does not depend', () => {
    const tell = (sample: number) => cdm.details({}, 7, { id: 'flair', parameters: { sample } });
    expect(tell(2)).toEqual([[{ code: 'cdm/seed', params: {} }, '7']]);
    expect(tell(0)).toEqual([]);
  });

  it('refuses to sample more slices than the networks take', async () => {
    const small = { ...manifest, diffusion: { ...TINY_DIFFUSION, keys: 1 } };
    const targets = [{ id: 'flair', parameters: { sample: 1 } }];
    await expect(run([], { manifest: small, targets })).rejects.toMatchObject({
      code: 'plan-invalid',
      message: expect.stringContaining('6'),
    });
    expect(runs).toEqual([]);
  });

  it('stops when cancelled', async () => {
    const running = run(['flair'], { signal: AbortSignal.abort() });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the manifest of cdm', () => {
  const issueOf = (change: (m: CdmManifest) => void) => {
    const changed = tinyManifest();
    for (const test of Object.values(changed.self_test.networks)) test.mean = Array(32).fill(0);
    change(changed);
    const { error } = cdmManifestSchema.safeParse(changed);
    return error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  };

  it('is valid', () => {
    expect(issueOf(() => {})).toBeUndefined();
  });

  it.each<[string, (m: CdmManifest) => void]>([
    ['uncertainty.factor.t2 is missing', m => delete m.uncertainty.factor.t2],
    ['networks.cunet-1 is missing', m => delete m.networks['cunet-1']],
    ['networks.mrm is missing', m => Object.assign(m, { diffusion: TINY_DIFFUSION })],
    [
      'diffusion.spread.t2 is missing',
      m => Object.assign(m, { diffusion: { ...TINY_DIFFUSION, spread: {} } }),
    ],
    [
      'diffusion.alpha_bar must have one value a timestep',
      m => Object.assign(m, { diffusion: { ...TINY_DIFFUSION, alpha_bar: [] } }),
    ],
    ['guidance it is of an earlier version', m => Object.assign(m, { guidance: 'diffusion' })],
    ['grid.size must be even', m => m.grid.size.splice(0, 1, 41)],
  ])('refuses: %s', (expected, change) => {
    expect(issueOf(change)).toContainEqual(expect.stringContaining(expected));
  });
});

describe('cdm on a server', () => {
  /** Answers with the slices themselves, and keeps what it is asked. */
  function server(slices: number) {
    const asked: Parameters<ServedModel['infer']>[] = [];
    const infer: ServedModel['infer'] = async (inputs, expected) => {
      asked.push([inputs, expected]);
      const outputs = Object.entries(expected).map(([name, { shape }]) => {
        const data = new Float32Array(shape.reduce((product, n) => product * n, 1));
        if (name === 'mean') {
          const wanted = inputs.slices.data;
          const images = inputs.images.data as Float32Array;
          for (const [s, z] of wanted.entries()) {
            for (let c = 0; c < shape[1]; c++) {
              data.set(images.subarray(z * plane, (z + 1) * plane), (s * shape[1] + c) * plane);
            }
          }
        } else data.fill(name === 'scale' ? 0.02 : 0.25);
        return [name, { dims: shape, data }];
      });
      return Object.fromEntries(outputs);
    };
    return { asked, server: { slices, infer } };
  }

  it('sends the slices of the region once, with their neighbours, and no network runs here', async () => {
    const { asked, server: on } = server(3);
    const numbered = { ...volume, data: volume.data.map((_, i) => 0.1 * Math.floor(i / plane)) };
    const made = await run(['flair', 't1'], { server: on, sources: new Map([['t2', numbered]]) });
    expect(runs).toEqual([]);
    const sent = asked.map(([{ images, slices, sources, targets }]) => ({
      images: images.dims,
      slices: [...slices.data],
      sources: [...sources.data],
      targets: [...targets.data],
    }));
    // Slices 1 to 5 of 6; two neighbours on each side.
    const roles = { sources: [2], targets: [3, 0] };
    expect(sent).toEqual([
      { images: [1, 6, rows, columns], slices: [1, 2, 3], ...roles },
      { images: [1, 4, rows, columns], slices: [2, 3], ...roles },
    ]);
    for (const { mean } of made.values()) {
      for (let z = 1; z < DEPTH; z++) expect(mean.data[z * plane + 7]).toBeCloseTo(0.1 * z, 6);
      expect([mean.data[7], mean.data.at(-1)]).toEqual([0, 0]);
    }
    const { uncertainty, lesions } = made.get('flair')!;
    expect(uncertainty().spread.data[plane]).toBeCloseTo(0.06, 6);
    // The answer is a probability of 0.75.
    expect(lesions!().any.data[plane]).toBeCloseTo(0.75, 6);
    expect(steps.map(({ done, of }) => [done, of])).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  describe('asked for a sample', () => {
    const maps = { features: [4, 2, 10, 9], tokens: [4, 3, 10, 9] };
    const outputs = (name: keyof typeof maps) => ({
      inputs: {},
      outputs: { [name]: maps[name] },
      flops: 100,
    });
    const able = {
      ...manifest,
      diffusion: TINY_DIFFUSION,
      networks: { ...manifest.networks, 'cunet-0': outputs('features'), mrm: outputs('tokens') },
    };
    const targets = [{ id: 'flair', parameters: { sample: 2 } }, { id: 't1' }];

    it('asks for it once, with the noise that a job here draws', async () => {
      const { asked, server: on } = server(3);
      const made = await run([], { server: on, manifest: able, targets });
      expect(runs).toEqual([]);
      const [first, second, last] = asked.map(([inputs]) => inputs);
      expect(asked).toHaveLength(3);
      // Slices 2 and 5 stand for the two cells along k.
      expect([...first.keys.data, ...second.keys.data]).toEqual([1, 1]);
      expect(asked.map(([, { features, tokens }]) => [features?.shape, tokens?.shape])).toEqual([
        [
          [1, 2, 10, 9],
          [1, 3, 10, 9],
        ],
        [
          [1, 2, 10, 9],
          [1, 3, 10, 9],
        ],
        [undefined, undefined],
      ]);
      const { sources, targets: roles, noise, tokens, maps: conditions } = last;
      expect([...sources.data, ...roles.data]).toEqual([2, 3]);
      expect([tokens.dims, conditions.dims]).toEqual([
        [48, 3, 10, 9],
        [48, 8, 10, 9],
      ]);
      const drawn = correlate(whiteNoise(1, 2, { dims: [9, 10, 2] }), 2, TINY_DIFFUSION.correlation);
      expect(noise.dims).toEqual([48, 2, 10, 9]);
      expect((noise.data as Float32Array).slice(0, drawn.length)).toEqual(drawn);
      // The answer is 0.25 of an expected error of 0.02.
      expect(made.get('flair')!.mean.data[plane + 5]).toBeCloseTo(0.505, 6);
      expect(made.get('t1')!.mean.data[plane + 5]).toBeCloseTo(0.5, 6);
      expect(steps.at(-1)).toEqual({ stage: 'samples', done: 1, of: 1 });
    });

    it('asks for none after a cancel', async () => {
      const { asked, server: on } = server(8);
      const controller = new AbortController();
      const { signal } = controller;
      const onStep = () => controller.abort();
      const running = run([], { server: on, manifest: able, targets, signal, onStep });
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
      expect(asked).toHaveLength(1);
    });
  });
});
