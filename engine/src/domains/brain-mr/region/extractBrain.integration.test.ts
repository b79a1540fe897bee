import { readFile } from 'node:fs/promises';
import { mat4 } from 'gl-matrix';
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadNetworks, openBundle } from '../../../bundle/loadBundle';
import { Mutex } from '../../../inference/ort/Mutex';
import { loadOrtNetwork } from '../../../inference/ort/OrtNetwork';
import type { Network } from '../../../inference/Runtime';
import { head, inBrain } from '../../../testing/head';
import type { Mask } from '../../../volume/Mask';
import { type Grid, indexToWorld, type Point3, type Volume, voxelCount } from '../../../volume/Volume';
import { type BrainManifest, brainManifestSchema } from './brainManifest';
import { addBrainProbability } from './brainProbability';
import { extractBrain } from './extractBrain';

const root = new URL('../../../../../', import.meta.url);
const folder = new URL('models/bundles/brain-extraction/', root);
// Output of the Python pipeline in models/training for the same bundle and the same head.
const fixture = new URL('tests/fixtures/brain-extraction/', root);

let manifest: BrainManifest;
let network: Network;

beforeAll(async () => {
  const read = async (path: string) => new Uint8Array(await readFile(new URL(path, folder)));
  const bundle = await openBundle(brainManifestSchema, folder.href, read);
  ({ manifest } = bundle);
  const models = await loadNetworks([{ bundle, names: ['brain'] }], 'fp32', { reader: () => read });
  ort.env.wasm.numThreads = 1;
  network = await loadOrtNetwork(ort, { provider: 'wasm' }, new Mutex(), 'brain', models.get('brain')!);
});

/** Samples `value` at the voxel centres of 2 mm cubes centred on the world's origin. */
function sample(dims: Point3, value: (world: Point3) => number): Volume {
  const low = dims.map(n => 1 - n) as Point3;
  const indexToWorldOf = mat4.scale(mat4.create(), mat4.fromTranslation(mat4.create(), low), [2, 2, 2]);
  const grid: Grid = { dims, indexToWorld: indexToWorldOf };
  const data = new Float32Array(voxelCount(grid));
  for (let k = 0, at = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++) data[at++] = value(indexToWorld(grid, [i, j, k]));
    }
  }
  return { ...grid, data };
}

function dice(a: Mask, b: ArrayLike<number>): number {
  let both = 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    both += a[i] && b[i] ? 1 : 0;
    sum += (a[i] ? 1 : 0) + (b[i] ? 1 : 0);
  }
  return (2 * both) / sum;
}

describe('extractBrain', () => {
  const dims: Point3 = [90, 100, 84];

  it('finds the brain of a made head, and reports every slab', async () => {
    const onSlab = vi.fn();
    const { mask, stripped } = await extractBrain([sample(dims, head)], network, manifest, onSlab);
    expect(stripped).toBe(false);
    expect(dice(mask, sample(dims, w => (inBrain(w) ? 1 : 0)).data)).toBeGreaterThan(0.95);
    expect(onSlab).toHaveBeenCalledTimes(6);
  });

  it('leaves a stripped brain alone', async () => {
    const brainAlone = sample(dims, w => (inBrain(w) ? head(w) : 0));
    const { mask, stripped } = await extractBrain([brainAlone], network, manifest);
    expect(stripped).toBe(true);
    expect(
      dice(
        mask,
        brainAlone.data.map(v => (v > 0 ? 1 : 0)),
      ),
    ).toBe(1);
  });

  it('stops when cancelled', async () => {
    const abort = new AbortController();
    const onSlab = vi.fn(() => onSlab.mock.calls.length === 2 && abort.abort());
    const job = extractBrain([sample(dims, head)], network, manifest, onSlab, abort.signal);
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    expect(onSlab).toHaveBeenCalledTimes(2);
  });
});

describe('the Python pipeline', () => {
  it('finds the same', async () => {
    const facts = JSON.parse(await readFile(new URL('fixture.json', fixture), 'utf8')) as {
      shape: Point3;
      levels: Point3[];
      every: number;
    };
    const heads = facts.levels.map(levels => phantom(facts.shape, levels));
    const probability = new Float32Array(voxelCount(heads[0]));
    await addBrainProbability(probability, heads[0], network, manifest, { weight: 1 });
    const expected = await readFile(new URL('probability.u8', fixture));
    const plane = facts.shape[1] * facts.shape[2];
    let worst = 0;
    for (let at = 0; at < expected.length; at++) {
      const k = Math.floor(at / plane) * facts.every;
      worst = Math.max(worst, Math.abs(255 * probability[k * plane + (at % plane)] - expected[at]));
    }
    expect(worst).toBeLessThan(1);
    const packed = await readFile(new URL('brain.bits', fixture));
    const brain = Uint8Array.from(probability, (_, i) => (packed[i >> 3] >> (7 - (i & 7))) & 1);
    expect(dice((await extractBrain(heads, network, manifest)).mask, brain)).toBeGreaterThan(0.9999);
  });
});

/** The head of regions/brain/fixture.py of models/training; `shape` is slices, rows, columns. */
function phantom([nz, ny, nx]: Point3, [brain, bone, scalp]: Point3): Volume {
  return sample([nx, ny, nz], world => {
    const [x, y, z] = world.map(v => v / 2);
    const radius = (margin: number) =>
      Math.hypot((x - 9) / (30 + margin), (y + 2) / (36 + margin), (z + 6) / (26 + margin));
    if (radius(0) <= 1) return Math.round(brain * (1 + 0.2 * Math.sin(x / 4) * Math.cos(y / 5 + z / 6)));
    if (radius(4) <= 1) return bone;
    return radius(7) <= 1 ? scalp : 0;
  });
}
