import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mat4 } from 'gl-matrix';
import * as ort from 'onnxruntime-web/wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServedModel, type ServerPlace } from '../../backends/oip/openServedModel';
import { type Bundle, loadNetworks, openBundle } from '../../bundle/loadBundle';
import type { RoleId } from '../../domains/Role';
import { Mutex } from '../../inference/ort/Mutex';
import { loadOrtNetwork } from '../../inference/ort/OrtNetwork';
import type { Network } from '../../inference/Runtime';
import { bundleFolder, folderReader } from '../../node/bundleFolder';
import { exportServer } from '../../node/exportServer';
import { hasTriton, startTriton } from '../../testing/startTriton';
import { temporaryFolder } from '../../testing/tools';
import type { Volume } from '../../volume/Volume';
import type { MethodJob, MethodStep } from '../Method';
import { cdm } from './cdm';
import { type CdmManifest, cdmManifestSchema } from './manifest';

const SOURCES: readonly RoleId[] = ['t1', 't2', 'flair'];
const TARGETS: readonly RoleId[] = ['t1ce', 't2'];
/** T1ce as a sample, T2 as the mean. */
const SAMPLED = [{ id: 't1ce', parameters: { sample: 2 } }, { id: 't2' }];
const SINGLE = 'single-precision';

let bundle: Bundle<CdmManifest>;
let place: ServerPlace;
const ends: (() => Promise<void>)[] = [];
const networks = new Map<string, Network>();
let job: MethodJob<CdmManifest, Record<string, never>>;

/** The phantom of the fixture, [roles, slices, rows, columns]. */
async function phantom(): Promise<Map<RoleId, Volume>> {
  const file = new URL('../../../../tests/fixtures/cdm-tiny/input.f32', import.meta.url);
  const bytes = await readFile(file);
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const { roles, grid } = bundle.manifest;
  const [rows, columns] = grid.size;
  const length = all.length / roles.length;
  const dims: Volume['dims'] = [columns, rows, length / (rows * columns)];
  const indexToWorld = mat4.fromScaling(mat4.create(), grid.spacing);
  return new Map(
    SOURCES.map(role => {
      const from = roles.indexOf(role) * length;
      return [role, { dims, indexToWorld, data: all.slice(from, from + length) }];
    }),
  );
}

async function made(server?: ServerPlace, more: Partial<typeof job> = {}) {
  const on = server && (await openServedModel(server, bundle));
  const predicted = await cdm.run({ ...job, ...more, server: on });
  return TARGETS.flatMap(target => {
    const { mean, uncertainty, lesions } = predicted.get(target)!;
    const { any, enhancing } = lesions!();
    return [mean.data, uncertainty().spread.data, any.data, enhancing!.data];
  });
}

function largestDifference(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return Math.max(...a.flatMap((one, n) => [...one].map((v, i) => Math.abs(v - b[n][i]))));
}

describe.skipIf(!hasTriton())('cdm on a real Triton', () => {
  beforeAll(async () => {
    const folder = bundleFolder('bundle', undefined, 'cdm-tiny');
    bundle = await openBundle(cdmManifestSchema, folder, folderReader(folder));
    const { folder: out, cleanUp } = await temporaryFolder();
    ends.push(cleanUp);
    // Of 10 slices, several requests.
    await exportServer({ bundle: folder, out, datatype: 'FP32', slices: 4 });
    const { id } = bundle.manifest;
    await rename(path.join(out, id), path.join(out, SINGLE));
    const config = path.join(out, SINGLE, 'config.pbtxt');
    await writeFile(config, (await readFile(config, 'utf8')).replace(`"${id}"`, `"${SINGLE}"`));
    await exportServer({ bundle: folder, out });
    const triton = await startTriton(out);
    ends.push(triton.close);
    place = { url: triton.url, timeout: 30_000 };
    const names = cdm.networks(bundle.manifest, SOURCES, SAMPLED, {});
    const models = await loadNetworks([{ bundle, names }], 'wasm', { reader: folderReader });
    ort.env.wasm.numThreads = 1;
    const mutex = new Mutex();
    for (const [name, model] of models) {
      networks.set(name, await loadOrtNetwork(ort, { provider: 'wasm' }, mutex, name, model));
    }
    const sources = await phantom();
    job = {
      manifest: bundle.manifest,
      network: name => networks.get(name)!,
      sources,
      region: Uint8Array.from(sources.get('t1')!.data, v => (v > 0 ? 1 : 0)),
      targets: TARGETS.map(id => ({ id })),
      options: {},
      seed: 1,
    };
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it("makes the browser's images, expected errors and lesions in single precision", async () => {
    const here = await made();
    const there = await made({ ...place, model: SINGLE });
    expect(Math.max(...here[0])).toBeGreaterThan(0.3);
    expect(here.every(volume => volume.some(v => v > 0))).toBe(true);
    expect(largestDifference(here, there)).toBeLessThan(1e-4);
  });

  it('makes them in half precision on the way but for its rounding', async () => {
    const [here, there] = [await made(), await made(place)];
    expect(largestDifference(here, there)).toBeLessThan(1e-3);
  });

  it("makes the browser's sample of the same seed, and another of another", async () => {
    const targets = SAMPLED;
    const single = { ...place, model: SINGLE };
    const here = await made(undefined, { targets });
    expect(largestDifference([here[0]], [(await made())[0]])).toBeGreaterThan(0.05);
    const steps: MethodStep[] = [];
    const there = await made(single, { targets, onStep: step => steps.push(step) });
    expect(largestDifference(here, there)).toBeLessThan(1e-4);
    expect(steps.filter(({ stage }) => stage === 'samples')).toEqual([{ stage: 'samples', done: 1, of: 1 }]);
    const [half] = await made(place, { targets });
    expect(largestDifference([here[0]], [half])).toBeLessThan(1e-3);
    const [other] = await made(single, { targets, seed: 2 });
    expect(largestDifference([there[0]], [other])).toBeGreaterThan(0.005);
  });

  it('says what ran', async () => {
    const { record } = await openServedModel(place, bundle);
    expect(record).toEqual({
      url: place.url,
      software: expect.stringMatching(/^triton \d/),
      model: 'cdm-tiny',
      version: '1',
      datatype: 'FP16',
    });
  });

  it('refuses a model of other weights, and one that is not there', async () => {
    const other = openServedModel(place, { ...bundle, sha256: '0'.repeat(64) });
    await expect(other).rejects.toMatchObject({ text: { code: 'server/other-model' } });
    const none = openServedModel({ ...place, model: 'none' }, bundle);
    await expect(none).rejects.toMatchObject({ text: { code: 'server/no-model' } });
  });

  it('says what the server says of a request that does not fit', async () => {
    const model = await openServedModel(place, bundle);
    const one = { dims: [1], data: Int32Array.of(9) };
    const images = { dims: [1, 1, 32, 32], data: new Float32Array(32 * 32) };
    const asked = model.infer({ images, sources: one, targets: one, slices: one }, {});
    await expect(asked).rejects.toMatchObject({
      text: { code: 'server/failed', params: { reason: expect.stringContaining('sources [9]') } },
    });
  });

  it('ends at a cancel', async () => {
    const controller = new AbortController();
    const server = await openServedModel(place, bundle, controller.signal);
    const running = cdm.run({ ...job, server });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });
});
