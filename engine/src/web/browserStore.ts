import type { NetworkStore } from '../bundle/loadBundle';

/** A store that can say what it has. */
export interface BrowserStore extends NetworkStore {
  /** Every SHA-256 that is kept. */
  list(): Promise<ReadonlySet<string>>;
}

const NAME = 'modality-synthesis-networks';

/**
 * The browser's Cache Storage, where the page has one (secure contexts). Only model files go into it. A store that is
 * full or forbidden keeps nothing: then networks are downloaded again.
 */
export function browserStore(): BrowserStore {
  const prefix = `${self.origin}/${NAME}/`;
  const quietly = <T>(work: (cache: Cache) => Promise<T>): Promise<T | undefined> =>
    'caches' in self
      ? caches
          .open(NAME)
          .then(work)
          .catch(() => undefined)
      : Promise.resolve(undefined);
  return {
    async get(sha256) {
      const bytes = await quietly(async cache => (await cache.match(prefix + sha256))?.arrayBuffer());
      return bytes && new Uint8Array(bytes);
    },
    async put(sha256, bytes) {
      await quietly(cache => cache.put(prefix + sha256, new Response(new Uint8Array(bytes))));
    },
    async list() {
      const kept = await quietly(cache => cache.keys());
      return new Set((kept ?? []).map(({ url }) => url.slice(prefix.length)));
    },
  };
}
