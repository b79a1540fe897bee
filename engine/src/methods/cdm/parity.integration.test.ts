import { readFile } from 'node:fs/promises';
import { mat4 } from 'gl-matrix';
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, loadNetworks, openBundle } from '../../bundle/loadBundle';
import type { RoleId } from '../../domains/Role';
import { Mutex } from '../../inference/ort/Mutex';
import { loadOrtNetwork } from '../../inference/ort/OrtNetwork';
import type { Network } from '../../inference/Runtime';
import { spacingOf, type Volume } from '../../volume/Volume';
import type { Prediction } from '../Method';
import type { Curve } from './calibration';
import type { ErrorWeights } from './expectedErrors';
import type { CdmJob } from './job';
import { type CdmManifest, cdmManifestSchema } from './manifest';
import { defaults } from './options';
import { synthesizeCdm } from './synthesizeCdm';

// The fixture is what the Python pipeline of models/training made of the same tiny bundle, input and seed.
const root = new URL('../../../../', import.meta.url);
const fixture = new URL('tests/fixtures/cdm-tiny/', root);

let bundle: Bundle<CdmManifest>;
let networks: Map<string, Network>;
let sources: Map<RoleId, Volume>;
let region: Uint8Array;
let samples: number;
let seed: number;
let weights: ErrorWeights;
let tone: Curve;

async function floats(name: string): Promise<Float32Array> {
  const bytes = await readFile(new URL(name, fixture));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

beforeAll(async () => {
  ({ samples, seed, weights, tone } = JSON.parse(await readFile(new URL('fixture.json', fixture), 'utf8')));
  const folder = new URL('models/bundles/cdm-tiny/', root);
  const read = async (path: string) => new Uint8Array(await readFile(new URL(path, folder)));
  bundle = await openBundle(cdmManifestSchema, folder.href, read);
  const { roles, grid, networks: named } = bundle.manifest;
  const models = await loadNetworks([{ bundle, names: Object.keys(named) }], 'fp32', { reader: () => read });
  ort.env.wasm.numThreads = 1;
  const mutex = new Mutex();
  networks = new Map();
  for (const [name, model] of models) {
    networks.set(name, await loadOrtNetwork(ort, { provider: 'wasm' }, mutex, name, model));
  }
  const input = await floats('input.f32');
  const voxels = input.length / roles.length;
  const [rows, columns] = grid.size;
  const at = (role: RoleId): Volume => {
    const c = roles.indexOf(role);
    return {
      dims: [columns, rows, voxels / (rows * columns)],
      indexToWorld: mat4.fromScaling(mat4.create(), grid.spacing),
      data: input.slice(c * voxels, (c + 1) * voxels),
    };
  };
  sources = new Map((['t1', 't2', 'flair'] as const).map(c => [c, at(c)]));
  expect(spacingOf(at('t1'))).toEqual(grid.spacing);
  region = Uint8Array.from(at('t1').data, v => (v > 0 ? 1 : 0));
});

const job = (more: Partial<CdmJob> = {}): CdmJob => ({
  ...defaults(bundle.manifest),
  manifest: bundle.manifest,
  network: name => networks.get(name)!,
  sources,
  region,
  targets: ['t1ce'],
  samples,
  seed,
  ...more,
});
const made = async (more: Partial<CdmJob>, target: RoleId = 't1ce'): Promise<Prediction> =>
  (await synthesizeCdm(job(more))).get(target)!;

const largestDifference = (a: Volume, b: { data: Float32Array }) => {
  expect(a.data).toHaveLength(b.data.length);
  return a.data.reduce((most, v, i) => Math.max(most, Math.abs(v - b.data[i])), 0);
};

describe('synthesizeCdm on the tiny bundle', () => {
  it.each([
    ['mean', 'expected.f32'],
    ['spread', 'spread.f32'],
  ] as const)('agrees in the %s with the reference implementation', async (which, file) => {
    const expected = await floats(file);
    expect(Math.max(...expected)).toBeGreaterThan(which === 'mean' ? 0.1 : 0.001);
    const { mean, uncertainty } = await made({});
    expect(largestDifference({ mean, ...uncertainty() }[which], { data: expected })).toBeLessThan(1e-4);
  });

  it('agrees in the calibrated mean and the spread of a bundle with a curve and weights', async () => {
    const manifest = structuredClone(bundle.manifest);
    manifest.uncertainty.weights = { t1ce: weights };
    manifest.tone = { t1ce: tone };
    const { mean, uncertainty } = await made({ manifest });
    const [toned, weighted] = [await floats('toned.f32'), await floats('weighted.f32')];
    expect(largestDifference(mean, { data: await floats('expected.f32') })).toBeGreaterThan(0.01);
    expect(Math.max(...weighted)).toBeGreaterThan(0.001);
    expect(largestDifference(mean, { data: toned })).toBeLessThan(1e-4);
    expect(largestDifference(uncertainty().spread, { data: weighted })).toBeLessThan(1e-4);
  });

  it('gives identical pixels for the same seed and others for another', async () => {
    const [once, again, other] = [
      await made({ conditioning: 'diffusion' }),
      await made({ conditioning: 'diffusion' }),
      await made({ conditioning: 'diffusion', seed: seed + 1 }),
    ];
    expect(largestDifference(once.mean, again.mean)).toBe(0);
    expect(largestDifference(once.mean, other.mean)).toBeGreaterThan(0);
  });

  it('makes a target the same alone and beside another', async () => {
    const t1 = new Map([['t1', sources.get('t1')!] as const]);
    const alone = await made({ sources: t1, targets: ['flair'] }, 'flair');
    const beside = await made({ sources: t1, targets: ['t2', 'flair'] }, 'flair');
    expect(largestDifference(alone.mean, beside.mean)).toBe(0);
  });
});
