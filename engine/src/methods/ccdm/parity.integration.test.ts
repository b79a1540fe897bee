import { readFile } from 'node:fs/promises';
import { mat4 } from 'gl-matrix';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { GraphSet } from '../../bundle/fields';
import { type Bundle, loadNetworks, openBundle } from '../../bundle/loadBundle';
import type { RoleId } from '../../domains/Role';
import { Mutex } from '../../inference/ort/Mutex';
import { loadOrtNetwork } from '../../inference/ort/OrtNetwork';
import type { Network } from '../../inference/Runtime';
import type { Volume } from '../../volume/Volume';
import { ccdm } from './ccdm';
import { type CcdmManifest, ccdmManifestSchema, NETWORK } from './manifest';
import { synthesize } from './synthesize';

// The fixture is what PyTorch made of the same tiny bundle and input (models/training), at this dose.
const root = new URL('../../../../', import.meta.url);
const DOSE = 20;

let bundle: Bundle<CcdmManifest>;
const networks = new Map<string, Network>();
let volumes: Map<RoleId, Volume>;
let region: Uint8Array;

/** One channel of a file of the fixture, [slices, rows, columns]. */
async function channel(name: string, n = 0, channels = 1): Promise<Float32Array> {
  const bytes = await readFile(new URL(`tests/fixtures/ccdm-tiny/${name}.f32`, root));
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return all.slice((n * all.length) / channels, ((n + 1) * all.length) / channels);
}

beforeAll(async () => {
  const folder = new URL('models/bundles/ccdm-tiny/', root);
  const read = async (path: string) => new Uint8Array(await readFile(new URL(path, folder)));
  bundle = await openBundle(ccdmManifestSchema, folder.href, read);
  const load = async (graphs: GraphSet) =>
    (await loadNetworks([{ bundle, names: [NETWORK] }], graphs, { reader: () => read })).get(NETWORK)!;
  web.env.wasm.numThreads = 1;
  const [wasm, cpu] = [{ provider: 'wasm' } as const, { provider: 'cpu' } as const];
  networks.set('WebAssembly', await loadOrtNetwork(web, wasm, new Mutex(), NETWORK, await load('wasm')));
  networks.set('node', await loadOrtNetwork(node, cpu, new Mutex(), NETWORK, await load('fp32')));
  const { sources, grid } = bundle.manifest;
  const [rows, columns] = grid.size;
  volumes = new Map();
  for (const [n, role] of sources.entries()) {
    const data = await channel('input', n, sources.length);
    const dims: Volume['dims'] = [columns, rows, data.length / (rows * columns)];
    volumes.set(role, { dims, indexToWorld: mat4.fromScaling(mat4.create(), grid.spacing), data });
  }
  region = Uint8Array.from(volumes.get('t1')!.data, v => (v > 0 ? 1 : 0));
});

const job = (backend: string, parameters: Record<string, number>) => ({
  manifest: bundle.manifest,
  network: () => networks.get(backend)!,
  sources: volumes,
  region,
  targets: [{ id: 't1ce', parameters }],
  options: {},
  seed: 1,
});
const run = async (backend: string, parameters: Record<string, number>) =>
  (await ccdm.run(job(backend, parameters))).get('t1ce')!;

const largestDifference = (a: Float32Array, b: Float32Array) => {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
};

describe('ccdm on the tiny bundle', () => {
  it.each(['node', 'WebAssembly'])('agrees with PyTorch in the mean and its expected error: %s', async at => {
    const { mean, uncertainty } = await run(at, { 'given-dose': DOSE, dose: 100, sample: 0 });
    const expected = await channel('mean');
    expect(Math.max(...expected)).toBeGreaterThan(0.5);
    expect(largestDifference(mean.data, expected)).toBeLessThan(1e-4);
    expect(largestDifference(uncertainty().spread.data, await channel('spread'))).toBeLessThan(1e-4);
  });

  it.each(['node', 'WebAssembly'])('agrees with PyTorch in a sample, given its noise: %s', async at => {
    const noise = await channel('noise');
    const plane = bundle.manifest.grid.size[0] * bundle.manifest.grid.size[1];
    const ofSlab = (slab: readonly number[]) => {
      const own = new Float32Array(bundle.manifest.grid.slab * plane);
      for (const [s, z] of slab.entries()) own.set(noise.subarray(z * plane, (z + 1) * plane), s * plane);
      return own;
    };
    const made = await synthesize(job(at, { 'given-dose': DOSE, dose: 100, sample: 1 }), () => ofSlab);
    const expected = await channel('sample');
    expect(largestDifference(expected, await channel('mean'))).toBeGreaterThan(0.01);
    expect(largestDifference(made.get('t1ce')!.mean.data, expected)).toBeLessThan(1e-3);
  });

  it('agrees with PyTorch in what a smaller dose would show of the mean', async () => {
    const { mean } = await run('node', { 'given-dose': DOSE, dose: 60, sample: 0 });
    const expected = await channel('less');
    expect(largestDifference(mean.data, expected)).toBeLessThan(1e-4);
    expect(largestDifference(expected, await channel('mean'))).toBeGreaterThan(0.02);
  });

  it('gives the same sample for the same seed and number, and others for others', async () => {
    const one = (await run('node', { 'given-dose': DOSE, dose: 100, sample: 1 })).mean.data;
    expect((await run('node', { 'given-dose': DOSE, dose: 100, sample: 1 })).mean.data).toEqual(one);
    const other = (await run('node', { 'given-dose': DOSE, dose: 100, sample: 2 })).mean.data;
    expect(largestDifference(other, one)).toBeGreaterThan(0.001);
  });

  it('adds less where the image is said to have more of the dose', async () => {
    const risen = async (dose: number) => {
      const { data } = (await run('node', { 'given-dose': dose, dose: 100, sample: 0 })).mean;
      const t1 = volumes.get('t1')!.data;
      const low = volumes.get('t1ce-low')!.data;
      return data.reduce((sum, v, i) => sum + (low[i] > t1[i] + 0.05 ? v - t1[i] : 0), 0);
    };
    const sums = await Promise.all([10, 20, 40, 80].map(risen));
    expect(sums).toEqual([...sums].sort((a, b) => b - a));
    expect(sums[0]).toBeGreaterThan(2 * sums[3]);
  });
});
