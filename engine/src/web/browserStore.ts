import type { NetworkStore } from '../bundle/loadBundle';

/** Holds only networks of installed bundles. */
export interface BrowserStore extends NetworkStore {
  /** Deletes all networks but `wanted`; returns the SHA-256 of those that are stored. */
  keepOnly(wanted: ReadonlySet<string>): Promise<ReadonlySet<string>>;
}

const NAME = 'modality-synthesis-networks';

/**
 * The browser's Cache Storage, if the page has one (secure contexts), for model files only. If it is full or
 * forbidden, networks are downloaded again.
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
