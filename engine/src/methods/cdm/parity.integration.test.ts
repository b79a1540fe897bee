import { readFile } from 'node:fs/promises';
import { mat4 } from 'gl-matrix';
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, loadNetworks, openBundle } from '../../bundle/loadBundle';
import type { RoleId } from '../../domains/Role';
import { Mutex } from '../../inference/ort/Mutex';
import { loadOrtNetwork } from '../../inference/ort/OrtNetwork';
import type { Network } from '../../inference/Runtime';
import type { Volume } from '../../volume/Volume';
import type { Target } from '../Method';
import { cdm } from './cdm';
import { type CdmManifest, cdmManifestSchema } from './manifest';
import { synthesize } from './synthesize';

// The fixture is what PyTorch made of the same tiny bundle and input (models/training).
const root = new URL('../../../../', import.meta.url);
const SOURCES: readonly RoleId[] = ['t1', 't2', 'flair'];

let bundle: Bundle<CdmManifest>;
const networks = new Map<string, Network>();
let volumes: Map<RoleId, Volume>;
let region: Uint8Array;

/** One channel of a file of the fixture, [slices, rows, columns]. */
async function channel(name: string, n: number, channels: number): Promise<Float32Array> {
  const bytes = await readFile(new URL(`tests/fixtures/cdm-tiny/${name}.f32`, root));
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return all.slice((n * all.length) / channels, ((n + 1) * all.length) / channels);
}

beforeAll(async () => {
  const folder = new URL('models/bundles/cdm-tiny/', root);
  const read = async (path: string) => new Uint8Array(await readFile(new URL(path, folder)));
  bundle = await openBundle(cdmManifestSchema, folder.href, read);
  const { roles, grid, networks: named } = bundle.manifest;
  const models = await loadNetworks([{ bundle, names: Object.keys(named) }], 'fp32', { reader: () => read });
  ort.env.wasm.numThreads = 1;
  const mutex = new Mutex();
  for (const [name, model] of models) {
    networks.set(name, await loadOrtNetwork(ort, { provider: 'wasm' }, mutex, name, model));
  }
  const [rows, columns] = grid.size;
  volumes = new Map();
  for (const [c, role] of roles.entries()) {
    const data = await channel('input', c, roles.length);
    const dims: Volume['dims'] = [columns, rows, data.length / (rows * columns)];
    volumes.set(role, { dims, indexToWorld: mat4.fromScaling(mat4.create(), grid.spacing), data });
  }
  region = Uint8Array.from(volumes.get('t1')!.data, v => (v > 0 ? 1 : 0));
});

const jobOf = (targets: readonly Target[]) => ({
  manifest: bundle.manifest,
  network: (name: string) => networks.get(name)!,
  sources: new Map(SOURCES.map(role => [role, volumes.get(role)!])),
  region,
  targets,
  options: {},
  seed: 1,
});
const run = (targets: readonly RoleId[]) => cdm.run(jobOf(targets.map(id => ({ id }))));

const largestDifference = (a: Float32Array, b: Float32Array) => {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
};

/** Of any lesion, by PyTorch. */
async function probabilities(): Promise<Float32Array> {
  const healthy = await channel('lesion', 0, bundle.manifest.lesions.length);
  return healthy.map((p, i) => (region[i] ? 1 - p : 0));
}

/** Voxels on the other side of a half, where rounding does not explain it. */
const disagreeing = (mask: Uint8Array, expected: Float32Array) =>
  expected.filter((p, i) => Math.abs(p - 0.5) > 1e-4 && mask[i] !== Number(p > 0.5)).length;

describe('cdm on the tiny bundle', () => {
  it('agrees with PyTorch in the mean and the expected error of every contrast', async () => {
    const { roles } = bundle.manifest;
    const made = await run(roles);
    for (const [c, role] of roles.entries()) {
      const { mean, uncertainty } = made.get(role)!;
      const expected = await channel('mean', c, roles.length);
      expect(Math.max(...expected)).toBeGreaterThan(0.3);
      expect(largestDifference(mean.data, expected)).toBeLessThan(1e-4);
      const errors = await channel('spread', c, roles.length);
      expect(largestDifference(uncertainty().spread.data, errors)).toBeLessThan(1e-4);
    }
  });

  it('agrees with PyTorch in the probabilities of lesions', async () => {
    const { lesions } = bundle.manifest;
    const { any, enhancing } = (await run(['t1ce'])).get('t1ce')!.lesions!();
    const expected = await channel('lesion', lesions.indexOf('enhancing'), lesions.length);
    expect(largestDifference(any.data, await probabilities())).toBeLessThan(1e-4);
    expect(largestDifference(enhancing!.data, expected)).toBeLessThan(1e-4);
  });

  it('agrees with PyTorch in a sample, given its noise', async () => {
    const noise = await channel('noise', 0, 1);
    const made = await synthesize(jobOf([{ id: 't1ce', parameters: { sample: 1 } }]), () => noise);
    const expected = await channel('sample', 0, 1);
    const { data } = (await run(['t1ce'])).get('t1ce')!.mean;
    expect(largestDifference(data, expected)).toBeGreaterThan(0.05);
    expect(largestDifference(made.get('t1ce')!.mean.data, expected)).toBeLessThan(1e-4);
  });

  it('gives the same sample for the same seed and number, and others for others', async () => {
    const made = async (seed: number, sample: number) =>
      (await synthesize({ ...jobOf([{ id: 't1', parameters: { sample } }]), seed })).get('t1')!.mean.data;
    const one = await made(1, 1);
    expect(await made(1, 1)).toEqual(one);
    expect(largestDifference(await made(1, 2), one)).toBeGreaterThan(0.01);
    expect(largestDifference(await made(2, 1), one)).toBeGreaterThan(0.01);
  });

  it('says where enhancement cannot be told, of T1ce alone', async () => {
    const made = await run(['t1ce', 't1']);
    const { mask, text } = made.get('t1ce')!.uncertainty().indeterminate!;
    expect(text).toBe(bundle.manifest.indeterminate!.t1ce.text);
    expect(disagreeing(mask, await probabilities())).toBe(0);
    expect(mask.includes(1) && region.some((inside, i) => inside && !mask[i])).toBe(true);
    expect(made.get('t1')!.uncertainty().indeterminate).toBeUndefined();
  });
});
