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
import { cmdm } from './cmdm';
import { type CmdmManifest, cmdmManifestSchema, PRIOR, REFINE } from './manifest';
import { synthesize } from './synthesize';

// The fixture is what PyTorch made of the same tiny bundle, input and noise (models/training).
const root = new URL('../../../../', import.meta.url);
const BACKENDS = ['node', 'WebAssembly'];

let bundle: Bundle<CmdmManifest>;
const networks = new Map<string, Network>();
let volumes: Map<RoleId, Volume>;
let region: Uint8Array;

/** One channel of a file of the fixture, [slices, rows, columns]. */
async function channel(name: string, n = 0, channels = 1): Promise<Float32Array> {
  const bytes = await readFile(new URL(`tests/fixtures/cmdm-tiny/${name}.f32`, root));
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  return all.slice((n * all.length) / channels, ((n + 1) * all.length) / channels);
}

beforeAll(async () => {
  const folder = new URL('models/bundles/cmdm-tiny/', root);
  const read = async (path: string) => new Uint8Array(await readFile(new URL(path, folder)));
  bundle = await openBundle(cmdmManifestSchema, folder.href, read);
  const names = [PRIOR, REFINE];
  const load = (graphs: GraphSet) => loadNetworks([{ bundle, names }], graphs, { reader: () => read });
  web.env.wasm.numThreads = 1;
  const [wasm, cpu] = [{ provider: 'wasm' } as const, { provider: 'cpu' } as const];
  const [onWeb, onNode] = [await load('wasm'), await load('fp32')];
  for (const name of names) {
    const lock = new Mutex();
    networks.set(`WebAssembly ${name}`, await loadOrtNetwork(web, wasm, lock, name, onWeb.get(name)!));
    networks.set(`node ${name}`, await loadOrtNetwork(node, cpu, lock, name, onNode.get(name)!));
  }
  const { roles, grid } = bundle.manifest;
  const [rows, columns] = grid.size;
  volumes = new Map();
  for (const [n, role] of roles.entries()) {
    if (role === 't1ce') continue;
    const data = await channel('input', n, roles.length);
    const dims: Volume['dims'] = [columns, rows, data.length / (rows * columns)];
    volumes.set(role, { dims, indexToWorld: mat4.fromScaling(mat4.create(), grid.spacing), data });
  }
  region = Uint8Array.from(volumes.get('t1')!.data, v => (v > 0 ? 1 : 0));
});

const job = (backend: string, paths = bundle.manifest.paths) => ({
  manifest: bundle.manifest,
  network: (name: string) => networks.get(`${backend} ${name}`)!,
  sources: volumes,
  region,
  targets: [{ id: 't1ce' }],
  options: { ...cmdm.defaults(bundle.manifest), paths },
  seed: 1,
});

const largestDifference = (a: Float32Array, b: Float32Array) => {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
};

describe('cmdm on the tiny bundle', () => {
  it.each(BACKENDS)('agrees with PyTorch, given its noise: %s', async backend => {
    const noise = await channel('noise');
    const plane = bundle.manifest.grid.size[0] * bundle.manifest.grid.size[1];
    const depth = region.length / plane;
    const noiseOf = (slice: number, draw: number) =>
      noise.subarray((draw * depth + slice) * plane, (draw * depth + slice + 1) * plane);
    const { mean, uncertainty } = (await synthesize(job(backend), noiseOf)).get('t1ce')!;
    const expected = await channel('mean');
    const prior = await channel('prior', 0, 2);
    expect(largestDifference(expected, prior)).toBeGreaterThan(0.1);
    expect(largestDifference(mean.data, expected)).toBeLessThan(1e-3);
    const { spread, indeterminate } = uncertainty();
    const wanted = await channel('spread');
    expect(Math.max(...wanted)).toBeGreaterThan(0.05);
    expect(largestDifference(spread.data, wanted)).toBeLessThan(1e-3);
    expect(indeterminate!.text).toContain('cannot be told');
    expect(indeterminate!.mask).toContain(1);
  });

  it('makes the same in WebAssembly as in node of a seed', async () => {
    const [a, b] = await Promise.all(BACKENDS.map(async backend => cmdm.run(job(backend))));
    expect(largestDifference(a.get('t1ce')!.mean.data, b.get('t1ce')!.mean.data)).toBeLessThan(1e-3);
  });
});
