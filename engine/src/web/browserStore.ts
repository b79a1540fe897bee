import type { NetworkStore } from '../bundle/loadBundle';

/** A store that holds no more than the installed bundles. */
export interface BrowserStore extends NetworkStore {
  /** Deletes every network that is not among `wanted` (of bundles that were replaced); says which of them are kept. */
  keepOnly(wanted: ReadonlySet<string>): Promise<ReadonlySet<string>>;
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
    async keepOnly(wanted) {
      const kept = new Set<string>();
      await quietly(async cache => {
        for (const request of await cache.keys()) {
          const sha256 = request.url.slice(prefix.length);
          if (wanted.has(sha256)) kept.add(sha256);
          else await cache.delete(request);
        }
      });
      return kept;
    },
  };
}
