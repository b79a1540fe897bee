import { mat4 } from 'gl-matrix';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RoleId } from '../../domains/Role';
import { mulberry32 } from '../../inference/mulberry32';
import { standardNormal } from '../../inference/standardNormal';
import { type Call, fakeCdm } from '../../testing/fakeCdm';
import { tinyManifest } from '../../testing/tinyManifest';
import type { Volume } from '../../volume/Volume';
import type { MethodStep } from '../Method';
import { encodeTokens } from './encode';
import { jobFlops } from './flops';
import type { CdmJob } from './job';
import { defaults } from './options';
import { cdmNetworks, synthesizeCdm } from './synthesizeCdm';

const manifest = tinyManifest();
manifest.uncertainty.factor.flair = 2;
const [rows, columns] = manifest.grid.size;
const DEPTH = 6;
const voxels = rows * columns * DEPTH;
const volume = (): Volume => ({
  dims: [columns, rows, DEPTH],
  indexToWorld: mat4.fromScaling(mat4.create(), manifest.grid.spacing),
  data: new Float32Array(voxels).fill(0.5),
});
/** The last voxel lies outside. */
const region = new Uint8Array(voxels).fill(1).fill(0, voxels - 1);

let calls: Call[];
let steps: MethodStep[];
beforeEach(() => {
  calls = [];
  steps = [];
});
const job = (more: Partial<CdmJob> = {}): CdmJob => ({
  ...defaults(manifest),
  manifest,
  network: fakeCdm(manifest, call => calls.push(call)),
  sources: new Map([
    ['t1', volume()],
    ['t2', volume()],
  ]),
  region,
  targets: ['flair'],
  samples: 3,
  seed: 7,
  onStep: step => steps.push(step),
  ...more,
});
const runs = (name: string) => calls.filter(call => call.name === name).length;
const firstValues = async (more: Partial<CdmJob>) => {
  const { mean, uncertainty } = (await synthesizeCdm(job(more))).get('flair')!;
  const { spread } = uncertainty();
  expect([mean.data.at(-1), spread.data.at(-1)]).toEqual([0, 0]);
  return { mean: mean.data[0], spread: spread.data[0] };
};
const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('synthesizeCdm', () => {
  it('decodes sample i with member i mod members and gives mean and spread', async () => {
    const uniform = mulberry32(7);
    const length = manifest.tokens.count * manifest.tokens.channels;
    // The fake MDN gives back what is noisy: DDIM ends where it began but for its own scaling.
    const tokens = Array.from({ length: 3 }, () => standardNormal(uniform, length)[0]);
    const { mean, spread } = await firstValues({ steps: 1 });
    const samples = tokens.map((y, i) => 0.1 * ((i % 2) + 1) + 0.01 * y + 0.0005);
    expect(mean).toBeCloseTo(meanOf(samples), 5);
    expect(spread).toBeCloseTo(2 * meanOf([0.02, 0.04, 0.02]), 5);
  });

  it.each([
    [0.2, 1],
    [0.3, 0],
  ])('tells where the mean probability of its bundle exceeds %d, and what', async (above, expected) => {
    const rule = { output: 'enhancement', above, text: 'Enhancement cannot be told here.' };
    const asked = job({
      manifest: { ...manifest, indeterminate: { flair: rule } },
      targets: ['flair', 't2'],
    });
    const made = await synthesizeCdm(asked);
    const { indeterminate, more } = made.get('flair')!.uncertainty();
    // Two samples of member 0 and one of member 1.
    expect(more!.probability.data[0]).toBeCloseTo((0.2 + 0.4 + 0.2) / 3, 6);
    expect(indeterminate!.text).toBe(rule.text);
    expect([indeterminate!.mask[0], indeterminate!.mask.at(-1)]).toEqual([expected, 0]);
    expect(made.get('t2')!.uncertainty()).not.toHaveProperty('indeterminate.mask');
  });

  it('gives the standard deviation of the samples where it is wanted', async () => {
    const tokens = new Map<RoleId, Float32Array>([['flair', new Float32Array(4 * 6)]]);
    const spreads = async (more: Partial<CdmJob>) =>
      (await synthesizeCdm(job({ tokens, samples: 2, ...more }))).get('flair')!.uncertainty().more!;
    expect((await spreads({ deviation: true })).deviation.data[0]).toBeCloseTo(0.05, 6);
    expect(Object.keys(await spreads({}))).toEqual(['scale']);
  });

  it('runs each encoder once a slab and each decoder once a target and sample', async () => {
    await synthesizeCdm(job({ targets: ['flair', 't1ce'] }));
    // Six slices are two slabs; three samples are two of member 0 and one of member 1.
    expect([runs('cunet-encoder-0'), runs('cunet-encoder-1')]).toEqual([2, 2]);
    expect([runs('cunet-decoder-0'), runs('cunet-decoder-1')]).toEqual([8, 4]);
  });

  it('clips to the ceiling before anything else', async () => {
    const tokens = new Map<RoleId, Float32Array>([['flair', new Float32Array(4 * 6).fill(1000)]]);
    const { mean, spread } = await firstValues({ tokens, members: [0] });
    expect(mean).toBe(manifest.normalization.ceiling);
    expect(spread).toBeCloseTo(2 * 0.02, 6);
  });

  it('regresses with one MDN run a slab at the first timestep, from zeros', async () => {
    const { mean } = await firstValues({ conditioning: 'regression', members: [1] });
    expect(mean).toBeCloseTo(0.2 + 0.0005, 6);
    const mdn = calls.filter(call => call.name === 'mdn-flair');
    expect(mdn).toHaveLength(1);
    expect(mdn[0].feeds.noisy.data.every(v => v === 0)).toBe(true);
    expect(mdn[0].feeds.time.data[0]).toBeCloseTo(Math.cos(999), 5);
  });

  it('asks neither MRM nor MDN without conditioning', async () => {
    const { mean } = await firstValues({ conditioning: 'none', members: [0] });
    expect(mean).toBeCloseTo(0.1, 6);
    expect(calls.some(({ name }) => /mrm|mdn/.test(name))).toBe(false);
  });

  it('predicts nothing for the samples of an unconditioned member', async () => {
    const uniform = mulberry32(7);
    const [first, , third] = Array.from({ length: 3 }, () => standardNormal(uniform, 6)[0]);
    const { mean } = await firstValues({ manifest: { ...manifest, unguided: [1] }, steps: 1 });
    const samples = [first, 0, third].map((y, i) => 0.1 * ((i % 2) + 1) + 0.01 * y + 0.0005);
    expect(mean).toBeCloseTo(meanOf(samples), 5);
    expect(runs('mdn-flair')).toBe(2);
    expect(steps.filter(s => s.stage === 'diffusion').map(s => `${s.done}/${s.of}`)).toEqual(['1/2', '2/2']);
  });

  it('takes given tokens for certain', async () => {
    const truth = await encodeTokens('flair', volume(), job());
    expect(calls.map(c => c.name)).toEqual(['mrm-flair']);
    const { mean } = await firstValues({ tokens: new Map([['flair', truth]]), members: [0] });
    expect(mean).toBeCloseTo(0.1 + 0.01 + 0.001, 6);
    expect(runs('mdn-flair') + runs('mrm-t1')).toBe(0);
  });

  it('makes as many DDIM steps as asked for', async () => {
    await synthesizeCdm(job({ samples: 1 }));
    expect(runs('mdn-flair')).toBe(2);
    await synthesizeCdm(job({ samples: 1, steps: 5 }));
    expect(runs('mdn-flair')).toBe(2 + 5);
    await expect(synthesizeCdm(job({ steps: 0 }))).rejects.toMatchObject({ code: 'plan-invalid' });
  });

  it.each(['diffusion', 'regression'] as const)('counts every stage of %s to its end', async conditioning => {
    await synthesizeCdm(job({ conditioning, targets: ['flair', 't1ce'] }));
    for (const stage of ['tokens', 'diffusion', 'images'] as const) {
      const counted = steps.filter(s => s.stage === stage);
      expect(counted.map(s => s.done)).toEqual(counted.map((_, i) => i + 1));
      expect(counted.at(-1)!.done).toBe(counted.at(-1)!.of);
    }
  });

  it('stops between slabs when cancelled', async () => {
    const controller = new AbortController();
    const onStep = (step: MethodStep) => {
      steps.push(step);
      if (step.stage === 'diffusion') controller.abort();
    };
    await expect(synthesizeCdm(job({ signal: controller.signal, onStep }))).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(steps.some(s => s.stage === 'images')).toBe(false);
  });
});

describe('cdmNetworks', () => {
  const networks = (options: Partial<CdmJob>) =>
    cdmNetworks(manifest, ['t1', 't2'], [{ id: 'flair' }], { ...defaults(manifest), samples: 4, ...options });

  it('names the members that the samples need', () => {
    const conditioned = ['mrm-t1', 'mrm-t2', 'mdn-flair'];
    const member = (k: number) => [`cunet-encoder-${k}`, `cunet-decoder-${k}`];
    expect(networks({})).toEqual([...conditioned, ...member(0), ...member(1)]);
    expect(networks({ samples: 1 })).toEqual([...conditioned, ...member(0)]);
    expect(networks({ members: [1] })).toEqual([...conditioned, ...member(1)]);
  });

  it('leaves out what is not needed without conditioning', () => {
    expect(networks({ conditioning: 'none', samples: 1 })).toEqual(['cunet-encoder-0', 'cunet-decoder-0']);
  });

  it('leaves out what unconditioned members do not need', () => {
    const unconditioned = { ...manifest, unguided: [0] };
    const names = cdmNetworks(unconditioned, ['t1'], [{ id: 'flair' }], defaults(manifest));
    expect(names).toEqual(['cunet-encoder-0', 'cunet-decoder-0']);
  });

  it('is what a job asks for', async () => {
    await synthesizeCdm(job());
    expect(new Set(calls.map(c => c.name))).toEqual(new Set(networks({ samples: 3 })));
  });
});

describe('jobFlops', () => {
  it.each<Partial<CdmJob>>([
    {},
    { steps: 5, targets: ['flair', 't1ce'] },
    { conditioning: 'regression' },
    { conditioning: 'none' },
    { manifest: { ...manifest, unguided: [1] } },
    { manifest: { ...manifest, unguided: [1] }, members: [1] },
  ])('counts the runs of a job: %o', async more => {
    const asked = job(more);
    for (const [n, network] of Object.values(manifest.networks).entries()) network.flops = n + 1;
    await synthesizeCdm(asked);
    const flops = calls.reduce((sum, { name }) => sum + manifest.networks[name].flops, 0);
    const grid = { depth: DEPTH, spacing: manifest.grid.spacing[2], wanted: DEPTH };
    expect(jobFlops(asked.manifest, grid, [...asked.sources.keys()], asked.targets, asked)).toBe(flops);
  });
});
