import { readFile } from 'node:fs/promises';
import { mat4 } from 'gl-matrix';
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, loadBundle } from '../bundle/loadBundle';
import type { Contrast } from '../contrast/Contrast';
import type { Network } from '../inference/Runtime';
import type { Step } from '../progress';
import type { Volume } from '../volume/Volume';
import { type CdmJob, synthesizeCdm } from './synthesizeCdm';

// The fixture is what the Python pipeline of models/training made of the same tiny bundle, input and seed.
const root = new URL('../../../', import.meta.url);
const fixture = new URL('tests/fixtures/cdm-tiny/', root);

let bundle: Bundle;
let networks: Map<string, Network>;
let expected: Float32Array;
let sources: Map<Contrast, Volume>;
let brain: Uint8Array;

async function floats(name: string): Promise<Float32Array> {
  const bytes = await readFile(new URL(name, fixture));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

beforeAll(async () => {
  const folder = new URL('models/bundles/cdm-tiny/', root);
  bundle = await loadBundle(folder.href, async path => new Uint8Array(await readFile(new URL(path, folder))));
  ort.env.wasm.numThreads = 1;
  networks = new Map();
  for (const [name, onnx] of bundle.networks) {
    const session = await ort.InferenceSession.create(onnx);
    networks.set(name, {
      async run(feeds) {
        const tensors = Object.entries(feeds).map(
          ([n, t]) => [n, new ort.Tensor('float32', t.data, t.dims)] as const,
        );
        const results = Object.entries(await session.run(Object.fromEntries(tensors)));
        return Object.fromEntries(
          results.map(([n, t]) => [n, { dims: t.dims, data: t.data as Float32Array }]),
        );
      },
      release: () => session.release(),
    });
  }
  const input = await floats('input.f32');
  expected = await floats('expected.f32');
  const voxels = expected.length;
  const at = (c: number): Volume => ({
    dims: [32, 32, voxels / 1024],
    indexToWorld: mat4.fromScaling(mat4.create(), [6, 6, 6]),
    data: input.slice(c * voxels, (c + 1) * voxels),
  });
  sources = new Map([
    ['t1', at(0)],
    ['t2', at(2)],
    ['flair', at(3)],
  ]);
  brain = Uint8Array.from(at(0).data, v => (v > 0 ? 1 : 0));
});

const job = (more: Partial<CdmJob> = {}): CdmJob => ({
  manifest: bundle.manifest,
  network: name => networks.get(name)!,
  sources,
  brain,
  targets: ['t1ce'],
  samples: 2,
  seed: 7,
  ...more,
});

const largestDifference = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);

describe('synthesizeCdm', () => {
  it('agrees with the reference implementation', async () => {
    const result = (await synthesizeCdm(job())).get('t1ce')!;
    expect(Math.max(...expected)).toBeGreaterThan(0.1);
    expect(largestDifference(result.data, expected)).toBeLessThan(1e-4);
  });

  it('gives identical pixels for the same seed and others for another', async () => {
    const once = (await synthesizeCdm(job({ samples: 1 }))).get('t1ce')!.data;
    const again = (await synthesizeCdm(job({ samples: 1 }))).get('t1ce')!.data;
    const other = (await synthesizeCdm(job({ samples: 1, seed: 8 }))).get('t1ce')!.data;
    expect(largestDifference(once, again)).toBe(0);
    expect(largestDifference(once, other)).toBeGreaterThan(0);
  });

  it('makes a target the same alone and beside another', async () => {
    const alone = (
      await synthesizeCdm(job({ sources: new Map([['t1', sources.get('t1')!]]), targets: ['flair'] }))
    ).get('flair')!;
    const beside = await synthesizeCdm(
      job({ sources: new Map([['t1', sources.get('t1')!]]), targets: ['t2', 'flair'] }),
    );
    expect(largestDifference(alone.data, beside.get('flair')!.data)).toBe(0);
  });

  it('reports every stage to its end', async () => {
    const steps: Step[] = [];
    await synthesizeCdm(job({ onStep: step => steps.push(step) }));
    for (const stage of ['tokens', 'diffusion', 'images'] as const) {
      const last = steps.filter(s => s.stage === stage).at(-1)!;
      expect(last.done).toBe(last.of);
    }
  });

  it('stops between slabs when cancelled', async () => {
    const controller = new AbortController();
    const stages = new Set<string>();
    const running = synthesizeCdm(
      job({
        signal: controller.signal,
        onStep: step => {
          stages.add(step.stage);
          if (step.stage === 'diffusion') controller.abort();
        },
      }),
    );
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(stages.has('images')).toBe(false);
  });
});
