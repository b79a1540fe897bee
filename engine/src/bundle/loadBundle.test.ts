import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Step } from '../progress';
import { tinyManifest } from '../testing/tinyManifest';
import { httpReader, loadBundle, type ReadFile } from './loadBundle';

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A bundle in memory: every network is its own name as text. */
function bundleFiles(): Map<string, Uint8Array> {
  const manifest = tinyManifest();
  const files = new Map<string, Uint8Array>();
  for (const [name, file] of Object.entries(manifest.files.fp32)) {
    const bytes = new TextEncoder().encode(name);
    files.set(file.path, bytes);
    file.bytes = bytes.length;
    file.sha256 = hash(bytes);
  }
  return files.set('bundle.json', new TextEncoder().encode(JSON.stringify(manifest)));
}

/** Reads in two portions. */
const reader =
  (files: ReadonlyMap<string, Uint8Array>): ReadFile =>
  async (path, onBytes) => {
    const bytes = files.get(path);
    if (!bytes) throw new Error('HTTP 404');
    onBytes?.(Math.floor(bytes.length / 2));
    onBytes?.(bytes.length);
    return bytes;
  };

describe('loadBundle', () => {
  it('hands over the networks and the hash of the manifest', async () => {
    const files = bundleFiles();
    const bundle = await loadBundle('b/', reader(files));
    expect(bundle.manifest.id).toBe('tiny');
    expect(bundle.sha256).toBe(hash(files.get('bundle.json')!));
    expect(bundle.networks.size).toBe(10);
    for (const [name, bytes] of bundle.networks) expect(new TextDecoder().decode(bytes)).toBe(name);
  });

  it('reads only the networks wanted', async () => {
    const files = bundleFiles();
    for (const path of files.keys()) if (!/bundle|mrm-t1\.|decoder/.test(path)) files.delete(path);
    const bundle = await loadBundle('b/', reader(files), () => ['cunet-decoder', 'mrm-t1']);
    expect([...bundle.networks.keys()]).toEqual(['cunet-decoder', 'mrm-t1']);
  });

  it('counts bytes upwards to a constant total', async () => {
    const steps: Step[] = [];
    await loadBundle('b/', reader(bundleFiles()), undefined, step => steps.push(step));
    const total = steps[0].of;
    let before = 0;
    for (const { stage, done, of } of steps) {
      expect([stage, of]).toEqual(['download', total]);
      expect(done).toBeGreaterThanOrEqual(before);
      before = done;
    }
    expect(before).toBe(total);
  });

  it('never counts past the total when a file is longer than promised', async () => {
    const files = bundleFiles();
    files.set('fp32/cunet-decoder.onnx', new Uint8Array(1000));
    const steps: Step[] = [];
    await expect(loadBundle('b/', reader(files), undefined, s => steps.push(s))).rejects.toThrow();
    for (const { done, of } of steps) expect(done).toBeLessThanOrEqual(of);
  });

  it.each([
    ['shortened', (b: Uint8Array) => b.slice(1)],
    ['changed', (b: Uint8Array) => b.map((v, i) => (i === 2 ? v ^ 1 : v))],
  ])('names a file that was %s', async (_, damage) => {
    const files = bundleFiles();
    files.set('fp32/mdn-t2.onnx', damage(files.get('fp32/mdn-t2.onnx')!));
    const loading = loadBundle('https://site/b/', reader(files));
    await expect(loading).rejects.toMatchObject({ code: 'bundle-corrupt' });
    await expect(loading).rejects.toThrow('https://site/b/fp32/mdn-t2.onnx');
  });

  it.each(['bundle.json', 'fp32/mrm-flair.onnx'])('names %s when it cannot be read', async path => {
    const files = bundleFiles();
    files.delete(path);
    const loading = loadBundle('https://site/b/', reader(files));
    await expect(loading).rejects.toMatchObject({ code: 'bundle-unreachable', cause: new Error('HTTP 404') });
    await expect(loading).rejects.toThrow(`https://site/b/${path}`);
  });

  it('says so when bundle.json is not JSON', async () => {
    const files = bundleFiles().set('bundle.json', new TextEncoder().encode('<!doctype html>'));
    await expect(loadBundle('b/', reader(files))).rejects.toMatchObject({ code: 'bundle-invalid' });
  });

  it('stops when cancelled, between files and within one', async () => {
    const files = bundleFiles();
    const between = new AbortController();
    const stop = (step: Step) => step.done === step.of / 2 || between.abort();
    await expect(loadBundle('b/', reader(files), undefined, stop, between.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    const within = new AbortController();
    const failing: ReadFile = async path => {
      if (path === 'bundle.json') return files.get(path)!;
      within.abort();
      throw new DOMException('aborted', 'AbortError');
    };
    await expect(loadBundle('b/', failing, undefined, undefined, within.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
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
    expect(fetched.mock.calls[0]).toEqual(['https://site/b/fp32/a.onnx', { signal }]);
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

  it('fails on an HTTP error', async () => {
    vi.stubGlobal('fetch', async () => new Response('gone', { status: 404 }));
    await expect(httpReader('b/')('a')).rejects.toThrow('404');
  });
});

const root = new URL('../../../models/bundles/', import.meta.url);
const shipped = existsSync(root)
  ? readdirSync(root, { withFileTypes: true }).filter(
      e => e.isDirectory() && existsSync(new URL(`${e.name}/bundle.json`, root)),
    )
  : [];

describe.each(shipped.map(e => e.name))('the bundle %s', id => {
  it('is what its manifest says', async () => {
    const folder = new URL(`${id}/`, root);
    const { manifest, networks } = await loadBundle(
      folder.href,
      async path => new Uint8Array(await readFile(new URL(path, folder))),
    );
    expect(manifest.id).toBe(id);
    expect([...networks.keys()].sort()).toEqual(Object.keys(manifest.files.fp32).sort());
  });
});
