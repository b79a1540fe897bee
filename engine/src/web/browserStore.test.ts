import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Bundle, loadNetworks } from '../bundle/loadBundle';
import { tinyManifest } from '../testing/tinyManifest';
import { browserStore } from './browserStore';

/** What browserStore uses of a browser's Cache Storage, in memory; `full` refuses to write. */
function memoryCaches() {
  const opened = new Map<string, Map<string, Response>>();
  const state = { full: false };
  const urlOf = (request: string | { url: string }) => (typeof request === 'string' ? request : request.url);
  const cacheOf = (entries: Map<string, Response>) => ({
    match: async (request: string | { url: string }) => entries.get(urlOf(request))?.clone(),
    put: async (url: string, response: Response) => {
      if (state.full) throw new DOMException('no room', 'QuotaExceededError');
      entries.set(url, response);
    },
    delete: async (request: string | { url: string }) => entries.delete(urlOf(request)),
    keys: async () => [...entries.keys()].map(url => ({ url })),
  });
  const open = async (name: string) => {
    const entries = opened.get(name) ?? new Map<string, Response>();
    opened.set(name, entries);
    return cacheOf(entries);
  };
  return { open, state };
}

/** Web Locks in memory: one at a time of each name, in order; a signal ends the wait. */
function memoryLocks() {
  const last = new Map<string, Promise<unknown>>();
  return {
    async request<T>(name: string, { signal }: { signal?: AbortSignal }, work: () => Promise<T>): Promise<T> {
      const before = last.get(name);
      let release = () => {};
      last.set(name, Promise.all([before, new Promise<void>(resolve => (release = resolve))]));
      try {
        await new Promise<void>((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
          Promise.resolve(before).then(() => resolve());
        });
        return await work();
      } finally {
        release();
      }
    },
  };
}

const bytesOf = (content: string) => new TextEncoder().encode(content);
const hash = (content: string) => createHash('sha256').update(content).digest('hex');

/** A bundle whose networks have these contents. */
function bundle(baseUrl: string, contents: readonly string[], version = '1.0.0'): Bundle {
  const fp32 = Object.fromEntries(
    contents.map(content => [
      content,
      { path: `fp32/${content}.onnx`, bytes: content.length, sha256: hash(content) },
    ]),
  );
  const manifest = { ...tinyManifest(), name: 'Model', version, files: { fp32 } };
  return { manifest, sha256: hash(baseUrl + version), baseUrl };
}

const A = 'https://site/a/';
const B = 'https://site/b/?configuration=2';
let browser: ReturnType<typeof memoryCaches>;

beforeEach(() => {
  browser = memoryCaches();
  vi.stubGlobal('self', { origin: 'https://viewer', caches: browser, navigator: { locks: memoryLocks() } });
});
afterEach(() => vi.unstubAllGlobals());

const putAll = async (contents: readonly string[]) => {
  for (const content of contents) await browserStore().put(hash(content), bytesOf(content));
};
const has = async (content: string) => (await browserStore().get(hash(content))) !== undefined;

describe('install', () => {
  it('leaves the networks of bundles at other addresses', async () => {
    await browserStore().install([bundle(A, ['one', 'both'])]);
    await putAll(['one', 'both']);
    const stored = await browserStore().install([bundle(B, ['both', 'other'])]);
    expect(stored).toEqual(new Set([hash('one'), hash('both')]));
    await putAll(['other']);
    expect(await browserStore().install([bundle(A, ['one', 'both'])])).toEqual(
      new Set([hash('one'), hash('both'), hash('other')]),
    );
  });

  it('deletes the networks of the version that lay at the address before, unless another bundle has them', async () => {
    await browserStore().install([bundle(A, ['old', 'same', 'both']), bundle(B, ['both'])]);
    await putAll(['old', 'same', 'both', 'nobody']);
    await browserStore().install([bundle(A, ['same', 'new'], '1.1.0')]);
    expect(await Promise.all(['old', 'nobody', 'same', 'both'].map(has))).toEqual([false, false, true, true]);
  });
});

describe('models', () => {
  it('tells name, size and day of what is stored, and leaves out bundles without networks', async () => {
    vi.useFakeTimers({ now: new Date('2026-03-01T10:00:00Z') });
    await browserStore().install([bundle(A, ['one', 'three'], '1.2.3'), bundle(B, ['absent'])]);
    await putAll(['one', 'three']);
    vi.useRealTimers();
    expect(await browserStore().models()).toEqual([
      { address: A, name: 'Model 1.2.3', bytes: 8, stored: new Date('2026-03-01T10:00:00Z') },
    ]);
  });
});

describe('remove', () => {
  it('deletes the networks of one bundle and leaves those that another has', async () => {
    await browserStore().install([bundle(A, ['one', 'both']), bundle(B, ['both', 'other'])]);
    await putAll(['one', 'both', 'other']);
    await browserStore().remove(B);
    expect((await browserStore().models()).map(({ address, bytes }) => [address, bytes])).toEqual([[A, 7]]);
    expect(await Promise.all(['one', 'both', 'other'].map(has))).toEqual([true, true, false]);
  });
});

describe('two tabs', () => {
  const wanted = [{ bundle: bundle(A, ['one', 'two']), names: ['one', 'two'] }];
  const loading = (read: string[], signal?: AbortSignal) =>
    loadNetworks(wanted, 'fp32', {
      store: browserStore(),
      reader: () => async path => {
        read.push(path);
        await new Promise(resolve => setTimeout(resolve));
        return bytesOf(path.slice('fp32/'.length, -'.onnx'.length));
      },
      signal,
    });

  it('read a network once, whichever comes first', async () => {
    const read: string[] = [];
    const [first, second] = await Promise.all([loading(read), loading(read)]);
    expect(read).toEqual(['fp32/one.onnx', 'fp32/two.onnx']);
    expect(second).toEqual(first);
  });

  it('that fails leaves the next its turn; one that waits can be cancelled', async () => {
    const store = browserStore();
    let fail = (_: Error) => {};
    const failing = store.exclusively!('one', () => new Promise((_, reject) => (fail = reject)));
    const controller = new AbortController();
    const cancelled = store.exclusively!('one', async () => 'cancelled', controller.signal);
    const next = store.exclusively!('one', async () => 'next');
    await new Promise(resolve => setTimeout(resolve));
    controller.abort();
    fail(new Error('no network'));
    await Promise.all([
      expect(failing).rejects.toThrow('no network'),
      expect(cancelled).rejects.toMatchObject({ code: 'cancelled' }),
    ]);
    expect(await next).toBe('next');
  });

  it.each([
    ['has no locks', {}],
    ['refuses them', { locks: { request: () => Promise.reject(new DOMException('', 'SecurityError')) } }],
  ])('in a browser that %s read it both', async (_, navigator) => {
    vi.stubGlobal('self', { origin: 'https://viewer', caches: browser, navigator });
    const read: string[] = [];
    await Promise.all([loading(read), loading(read)]);
    expect(read.filter(path => path === 'fp32/one.onnx')).toHaveLength(2);
  });
});

describe('a browser that keeps nothing', () => {
  it.each([
    ['has no Cache Storage', () => vi.stubGlobal('self', { origin: 'http://viewer' })],
    ['refuses it', () => vi.spyOn(browser, 'open').mockRejectedValue(new DOMException('', 'SecurityError'))],
    ['has no room', () => Object.assign(browser.state, { full: true })],
  ])('that %s is one without models', async (_, restrict) => {
    restrict();
    expect(await browserStore().install([bundle(A, ['one'])])).toEqual(new Set());
    await putAll(['one']);
    expect(await has('one')).toBe(false);
    expect(await browserStore().models()).toEqual([]);
    await browserStore().remove(A);
  });

  it('keeps what it has when it gets full', async () => {
    await browserStore().install([bundle(A, ['one'])]);
    await putAll(['one']);
    browser.state.full = true;
    expect(await browserStore().install([bundle(A, ['one', 'two'], '1.1.0')])).toEqual(
      new Set([hash('one')]),
    );
  });
});
