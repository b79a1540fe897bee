import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cdmManifestSchema } from '../methods/cdm/manifest';
import { openModel } from '../models';
import type { OnStep, Step } from '../progress';
import { TINY_DIFFUSION, tinyManifest } from '../testing/tinyManifest';
import type { GraphSet } from './fields';
import {
  bundlePrecision,
  httpReader,
  loadNetworks,
  openBundle,
  type ReadFile,
  requiredFiles,
} from './loadBundle';

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A bundle in memory: every network is its own name as text. */
function bundleFiles(): Map<string, Uint8Array> {
  const manifest = tinyManifest(TINY_DIFFUSION);
  const files = new Map<string, Uint8Array>();
  for (const [name, file] of Object.entries(manifest.files.fp32)) {
    const bytes = new TextEncoder().encode(name);
    files.set(file.path, bytes);
    file.bytes = bytes.length;
    file.sha256 = hash(bytes);
  }
  return files.set('bundle.json', new TextEncoder().encode(JSON.stringify(manifest)));
}

/** The same, but the graphs of cunet-0 share weights. */
function sharedWeights(): Map<string, Uint8Array> {
  const files = bundleFiles();
  const manifest = JSON.parse(text(files.get('bundle.json')!)) as ReturnType<typeof tinyManifest>;
  const add = (path: string, content: string) => {
    const bytes = new TextEncoder().encode(content);
    files.set(path, bytes);
    return { 'cunet-0': { path, bytes: bytes.length, sha256: hash(bytes) } };
  };
  manifest.files.fp16 = add('fp16/cunet-0.onnx', 'half');
  manifest.files.wasm = add('wasm/cunet-0.onnx', 'wasm');
  manifest.files.weights = add('weights/cunet-0.bin', 'weights');
  return files.set('bundle.json', new TextEncoder().encode(JSON.stringify(manifest)));
}

/** Reads in two portions. */
const reader =
  (files: ReadonlyMap<string, Uint8Array>): ReadFile =>
  async (path, onBytes) => {
    const bytes = files.get(path);
    if (!bytes) throw new Error('HTTP 404');
    const half = Math.floor(bytes.length / 2);
    onBytes?.(half, bytes.subarray(0, half));
    onBytes?.(bytes.length, bytes.subarray(half));
    return bytes;
  };

const names = Object.keys(tinyManifest(TINY_DIFFUSION).networks);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Opens and loads a bundle, all its networks unless told. */
async function load(
  files: ReadonlyMap<string, Uint8Array> | ReadFile,
  { graphs = 'fp32', onStep, signal }: { graphs?: GraphSet; onStep?: OnStep; signal?: AbortSignal } = {},
  wanted: readonly string[] = names,
) {
  const read = typeof files === 'function' ? files : reader(files);
  const bundle = await openBundle(cdmManifestSchema, 'https://site/b/', read, signal);
  return loadNetworks([{ bundle, names: wanted }], graphs, { reader: () => read, onStep, signal });
}

describe('openBundle', () => {
  it('hands over the manifest and its hash', async () => {
    const files = bundleFiles();
    const bundle = await openBundle(cdmManifestSchema, 'b/', reader(files));
    expect(bundle.manifest.id).toBe('tiny');
    expect(bundle.sha256).toBe(hash(files.get('bundle.json')!));
  });

  it('says so when bundle.json is not JSON', async () => {
    const files = bundleFiles().set('bundle.json', new TextEncoder().encode('<!doctype html>'));
    await expect(load(files)).rejects.toMatchObject({ code: 'bundle-invalid' });
  });
});

describe('openModel', () => {
  it('says of a bundle of an earlier version of its method that it is one', async () => {
    const { members: _, lesions: __, ...others } = tinyManifest();
    const earlier = {
      ...others,
      guidance: 'diffusion',
      samples: 1,
      tokens: { count: 16, channels: 8, step_mm: 12 },
    };
    const files = new Map([['bundle.json', new TextEncoder().encode(JSON.stringify(earlier))]]);
    const opening = openModel('https://site/b/', reader(files));
    await expect(opening).rejects.toMatchObject({ code: 'bundle-invalid' });
    await expect(opening).rejects.toThrow(
      'bundle/invalid("https://site/b/bundle.json", "guidance", "it is of an earlier version, which',
    );
  });
});

describe('loadNetworks', () => {
  it('hands over the networks by name', async () => {
    const networks = await load(bundleFiles());
    expect([...networks.keys()]).toEqual(names);
    for (const [name, model] of networks) expect(text(model.graph)).toBe(name);
  });

  it('reads only the networks wanted', async () => {
    const files = bundleFiles();
    for (const path of files.keys()) if (!/bundle|cunet-0\.|mdn-condition/.test(path)) files.delete(path);
    const networks = await load(files, {}, ['mdn-condition', 'cunet-0']);
    expect([...networks.keys()]).toEqual(['mdn-condition', 'cunet-0']);
  });

  it('names a network that the model does not have', async () => {
    await expect(load(bundleFiles(), {}, ['mrm-pd'])).rejects.toThrow('bundle/no-network("tiny", "mrm-pd")');
  });

  it('takes half precision where the bundle has it, network by network', async () => {
    const files = bundleFiles();
    const manifest = JSON.parse(text(files.get('bundle.json')!)) as ReturnType<typeof tinyManifest>;
    const half = new TextEncoder().encode('half');
    manifest.files.fp16 = {
      'cunet-0': { path: 'fp16/cunet-0.onnx', bytes: half.length, sha256: hash(half) },
    };
    files.set('fp16/cunet-0.onnx', half);
    files.set('bundle.json', new TextEncoder().encode(JSON.stringify(manifest)));
    const read = async (graphs: GraphSet) =>
      [...(await load(files, { graphs }, ['cunet-0', 'cunet-1'])).values()].map(({ graph }) => text(graph));
    expect(await read('fp16')).toEqual(['half', 'cunet-1']);
    expect(await read('fp32')).toEqual(['cunet-0', 'cunet-1']);
    expect(bundlePrecision(manifest, 'fp16')).toBe('fp16');
    expect(bundlePrecision(manifest, 'fp32')).toBe('fp32');
    expect(bundlePrecision(tinyManifest(), 'fp16')).toBe('fp32');
  });

  it('reads the weights that the graphs of a network share, once for all', async () => {
    const files = sharedWeights();
    const store = new Map<string, Uint8Array>();
    const read: string[] = [];
    const reading: ReadFile = (path, ...more) => {
      read.push(path);
      return reader(files)(path, ...more);
    };
    const bundle = await openBundle(cdmManifestSchema, 'b/', reader(files));
    const wanted = [{ bundle, names: ['cunet-0', 'cunet-1'] }];
    const options = {
      reader: () => reading,
      store: {
        get: async (sha256: string) => store.get(sha256),
        put: async (sha256: string, bytes: Uint8Array) => void store.set(sha256, bytes),
      },
    };
    const [half, single, wasm] = [
      await loadNetworks(wanted, 'fp16', options),
      await loadNetworks(wanted, 'fp32', options),
      await loadNetworks(wanted, 'wasm', options),
    ];
    expect(text(half.get('cunet-0')!.graph)).toBe('half');
    expect(text(wasm.get('cunet-0')!.graph)).toBe('wasm');
    for (const models of [half, single, wasm]) {
      expect(models.get('cunet-0')!.weights!.path).toBe('weights/cunet-0.bin');
      expect(text(models.get('cunet-0')!.weights!.data)).toBe('weights');
      expect(models.get('cunet-1')).not.toHaveProperty('weights');
    }
    const [weights, shared] = ['weights/cunet-0.bin', 'fp32/cunet-1.onnx'];
    expect(read).toEqual(['fp16/cunet-0.onnx', weights, shared, 'fp32/cunet-0.onnx', 'wasm/cunet-0.onnx']);
    expect(requiredFiles(wanted, 'fp16').map(({ bytes }) => bytes)).toEqual([4, 7, 7]);
    expect(requiredFiles(wanted, 'fp32').map(({ bytes }) => bytes)).toEqual([7, 7, 7]);
    expect(requiredFiles(wanted, 'wasm').map(({ path }) => path)).toEqual([
      'wasm/cunet-0.onnx',
      weights,
      shared,
    ]);
  });

  it('checks what is kept on every load: a changed, shortened or foreign file is read again', async () => {
    const files = sharedWeights();
    const store = new Map<string, Uint8Array>();
    const read: string[] = [];
    const bundle = await openBundle(cdmManifestSchema, 'b/', reader(files));
    const loading = () =>
      loadNetworks([{ bundle, names: ['cunet-0', 'cunet-1'] }], 'fp16', {
        reader: () => (path, onBytes) => {
          read.push(path);
          return reader(files)(path, onBytes);
        },
        store: {
          get: async sha256 => store.get(sha256),
          put: async (sha256, bytes) => void store.set(sha256, bytes),
        },
      });
    await loading();
    read.length = 0;
    await loading();
    expect(read).toEqual([]);
    const damaged = (path: string, damage: (bytes: Uint8Array) => Uint8Array) => {
      const bytes = files.get(path)!;
      store.set(hash(bytes), damage(bytes));
    };
    damaged('weights/cunet-0.bin', bytes => bytes.map((value, i) => (i === 0 ? value ^ 1 : value)));
    damaged('fp16/cunet-0.onnx', bytes => bytes.slice(1));
    damaged('fp32/cunet-1.onnx', () => files.get('fp32/cunet-0.onnx')!);
    const models = await loading();
    expect(read.sort()).toEqual(['fp16/cunet-0.onnx', 'fp32/cunet-1.onnx', 'weights/cunet-0.bin']);
    expect(text(models.get('cunet-0')!.weights!.data)).toBe('weights');
    for (const [sha256, bytes] of store) expect(hash(bytes)).toBe(sha256);
  });

  it('counts and checks the weights of a network', async () => {
    const files = sharedWeights();
    const steps: Step[] = [];
    await load(files, { onStep: step => steps.push(step) }, ['cunet-0']);
    expect(steps.map(({ done, of }) => [done, of])).toEqual([
      [3, 14],
      [7, 14],
      [7, 14],
      [10, 14],
      [14, 14],
      [14, 14],
    ]);
    files.set('weights/cunet-0.bin', new TextEncoder().encode('weighty'));
    await expect(load(files, {}, ['cunet-0'])).rejects.toThrow(
      'bundle/corrupt("https://site/b/weights/cunet-0.bin")',
    );
  });

  it('counts the bytes of several bundles upwards to one constant total', async () => {
    const steps: Step[] = [];
    const read = reader(bundleFiles());
    const bundle = await openBundle(cdmManifestSchema, 'b/', read);
    const wanted = [
      { bundle, names: ['cunet-0'] },
      { bundle, names: ['cunet-1', 'mdn'] },
    ];
    await loadNetworks(wanted, 'fp32', { reader: () => read, onStep: step => steps.push(step) });
    let before = 0;
    for (const { stage, done, of } of steps) {
      expect([stage, of]).toEqual(['download', 17]);
      expect(done).toBeGreaterThanOrEqual(before);
      before = done;
    }
    expect(before).toBe(17);
  });

  it('never counts past the total when a file is longer than promised', async () => {
    const files = bundleFiles();
    files.set('fp32/mdn-condition.onnx', new Uint8Array(1000));
    const steps: Step[] = [];
    await expect(load(files, { onStep: s => steps.push(s) })).rejects.toMatchObject({
      code: 'bundle-corrupt',
    });
    for (const { done, of } of steps) expect(done).toBeLessThanOrEqual(of);
  });

  const page = new TextEncoder().encode('<!DOCTYPE html><title>Log in</title>');
  it.each([
    ['changed', (b: Uint8Array) => b.map((v, i) => (i === 2 ? v ^ 1 : v)), 'bundle/corrupt'],
    ['shortened', (b: Uint8Array) => b.slice(1), 'bundle/cut'],
    ['compressed', (b: Uint8Array) => new Uint8Array(gzipSync(b)), 'bundle/compressed'],
    ['exchanged for a page', () => page, 'bundle/page'],
  ])('names a file that was %s', async (_, damage, code) => {
    const files = bundleFiles();
    files.set('fp32/mdn.onnx', damage(files.get('fp32/mdn.onnx')!));
    const loading = load(files);
    await expect(loading).rejects.toMatchObject({ code: 'bundle-corrupt' });
    await expect(loading).rejects.toThrow(`${code}("https://site/b/fp32/mdn.onnx"`);
  });

  it('counts what arrived of a file before its connection broke', async () => {
    const files = bundleFiles();
    const broken: ReadFile = async (path, onBytes) => {
      if (!path.endsWith('mdn.onnx')) return reader(files)(path, onBytes);
      onBytes?.(1, files.get(path)!.subarray(0, 1));
      throw new TypeError('network error');
    };
    const loading = load(broken);
    await expect(loading).rejects.toMatchObject({ code: 'bundle-unreachable' });
    await expect(loading).rejects.toThrow(/bundle\/cut\("https:\/\/site\/b\/fp32\/mdn.onnx", 1, \d+\)/);
  });

  it('names a description that is a page', async () => {
    const files = bundleFiles().set('bundle.json', page);
    await expect(load(files)).rejects.toThrow('bundle/page("https://site/b/bundle.json")');
  });

  it.each(['bundle.json', 'fp32/mrm.onnx'])('names %s when it cannot be read', async path => {
    const files = bundleFiles();
    files.delete(path);
    const loading = load(files);
    await expect(loading).rejects.toMatchObject({ code: 'bundle-unreachable', cause: new Error('HTTP 404') });
    await expect(loading).rejects.toThrow(`bundle/unreachable("https://site/b/${path}")`);
  });

  it('stops when cancelled, between files and within one', async () => {
    const files = bundleFiles();
    const between = new AbortController();
    const onStep = (step: Step) => step.done === step.of / 2 || between.abort();
    await expect(load(files, { onStep, signal: between.signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const within = new AbortController();
    const failing: ReadFile = async path => {
      if (path === 'bundle.json') return files.get(path)!;
      within.abort();
      throw new DOMException('aborted', 'AbortError');
    };
    await expect(load(failing, { signal: within.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a path in a bundle', () => {
  it.each([
    '../other/a.onnx',
    'fp32/../../a.onnx',
    '/a.onnx',
    '//other.site/a.onnx',
    'https://other.site/a.onnx',
    'fp32/%2e%2e/a.onnx',
    'fp32\\a.onnx',
    'a.onnx?b',
    'data:,x',
    '',
  ])('%j leads out of it and is refused before anything is read', async path => {
    const files = bundleFiles();
    const manifest = JSON.parse(text(files.get('bundle.json')!)) as ReturnType<typeof tinyManifest>;
    manifest.files.fp32['cunet-0'].path = path;
    files.set('bundle.json', new TextEncoder().encode(JSON.stringify(manifest)));
    const read = vi.fn(reader(files));
    await expect(load(read)).rejects.toMatchObject({ code: 'bundle-invalid' });
    expect(read).toHaveBeenCalledOnce();
  });
});

describe('httpReader', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('reads beneath the base and counts bytes', async () => {
    const fetched = vi.fn(async (..._: [string, RequestInit]) => new Response(new Uint8Array([1, 2, 3])));
    vi.stubGlobal('fetch', fetched);
    const counts: number[] = [];
    const { signal } = new AbortController();
    expect([...(await httpReader('https://site/b/')('fp32/a.onnx', n => counts.push(n), signal))]).toEqual([
      1, 2, 3,
    ]);
    expect([...(await httpReader('https://site/b/')('bundle.json'))]).toEqual([1, 2, 3]);
    expect(counts.at(-1)).toBe(3);
    expect(fetched.mock.calls[0]).toEqual(['https://site/b/fp32/a.onnx', { signal, cache: 'no-cache' }]);
  });

  it('joins the pieces of a stream in order', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (const piece of [[1, 2], [3], [4, 5, 6]]) controller.enqueue(new Uint8Array(piece));
        controller.close();
      },
    });
    vi.stubGlobal('fetch', async () => new Response(body));
    const counts: number[] = [];
    expect([...(await httpReader('b/')('a', n => counts.push(n)))]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(counts).toEqual([2, 3, 6]);
  });

  it('ends the download where nobody wants more of it', async () => {
    const cancelled = vi.fn();
    const body = new ReadableStream({
      pull: controller => controller.enqueue(new Uint8Array(10)),
      cancel: cancelled,
    });
    vi.stubGlobal('fetch', async () => new Response(body));
    const tooLong = (received: number) => {
      if (received > 25) throw new RangeError('too long');
    };
    await expect(httpReader('b/')('a', tooLong)).rejects.toThrow('too long');
    expect(cancelled).toHaveBeenCalledOnce();
  });

  it('fails on an HTTP error', async () => {
    vi.stubGlobal('fetch', async () => new Response('gone', { status: 404 }));
    await expect(httpReader('b/')('a')).rejects.toThrow('bundle/http-error("b/a", 404)');
  });
});
