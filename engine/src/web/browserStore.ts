import * as z from 'zod/mini';
import type { Bundle, NetworkStore } from '../bundle/loadBundle';
import { throwIfCancelled } from '../errors';

/** A bundle of which this browser keeps networks, all or some. */
export interface KeptModel {
  /** Address of the bundle's folder. */
  address: string;
  /** Name and version. */
  name: string;
  /** Size of the networks that are kept. */
  bytes: number;
  /** When the last of them was stored. */
  stored: Date;
}

/** Networks by SHA-256, and which bundle lies at which address. */
export interface BrowserStore extends NetworkStore {
  /**
   * Notes that these bundles lie at their addresses, then deletes the networks that no noted bundle has:
   * those of a bundle that lay at one of the addresses before. Bundles at other addresses keep theirs.
   * @returns SHA-256 of the networks that are stored
   */
  install(bundles: readonly Bundle[]): Promise<ReadonlySet<string>>;
  /** The noted bundles of which networks are stored, by name. */
  models(): Promise<KeptModel[]>;
  /** Forgets the bundle at an address and deletes the networks that no other noted bundle has. */
  remove(address: string): Promise<void>;
}

const NETWORKS = 'modality-synthesis-networks';
const BUNDLES = 'modality-synthesis-bundles';

/** What is noted of the bundle at an address. */
const noteSchema = z.object({ name: z.string(), networks: z.array(z.string()) });
type Note = z.infer<typeof noteSchema> & { address: string };

/**
 * The browser's Cache Storage, if the page has one (secure contexts), for model files only. If it is full or
 * forbidden, networks are downloaded again.
 */
export function browserStore(): BrowserStore {
  const networkUrl = (sha256 = '') => `${self.origin}/${NETWORKS}/${sha256}`;
  const noteUrl = (address: string) => `${self.origin}/${BUNDLES}/${encodeURIComponent(address)}`;

  async function notes(): Promise<Note[]> {
    const read = await quietly(BUNDLES, async cache => {
      const found: Note[] = [];
      for (const { url } of await cache.keys()) {
        const note = noteSchema.safeParse(await (await cache.match(url))?.json());
        if (note.success)
          found.push({ ...note.data, address: decodeURIComponent(url.slice(noteUrl('').length)) });
      }
      return found;
    });
    return read ?? [];
  }

  /** Deletes the networks that are not wanted; returns the others. */
  async function keepOnly(wanted: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const kept = new Set<string>();
    await quietly(NETWORKS, async cache => {
      for (const request of await cache.keys()) {
        const sha256 = request.url.slice(networkUrl().length);
        if (wanted.has(sha256)) kept.add(sha256);
        else await cache.delete(request);
      }
    });
    return kept;
  }

  const networksOf = (some: readonly Note[]) => new Set(some.flatMap(({ networks }) => networks));

  return {
    async get(sha256) {
      const bytes = await quietly(NETWORKS, async cache =>
        (await cache.match(networkUrl(sha256)))?.arrayBuffer(),
      );
      return bytes && new Uint8Array(bytes);
    },
    async put(sha256, bytes) {
      const headers = { 'Content-Length': String(bytes.byteLength), Date: new Date().toUTCString() };
      const response = new Response(new Uint8Array(bytes), { headers });
      await quietly(NETWORKS, cache => cache.put(networkUrl(sha256), response));
    },
    async exclusively(sha256, work, signal) {
      const { locks } = self.navigator;
      if (!locks) return work();
      let begun = false;
      const begin = () => {
        begun = true;
        return work();
      };
      try {
        // All tabs and workers of this origin wait for each other; one that is closed lets go.
        return await locks.request(`${NETWORKS}/${sha256}`, { signal }, begin);
      } catch (thrown) {
        throwIfCancelled(signal);
        if (begun) throw thrown;
        return work();
      }
    },
    async install(bundles) {
      const installed = bundles.map(noteOf);
      await quietly(BUNDLES, async cache => {
        for (const { address, ...note } of installed) await cache.put(noteUrl(address), Response.json(note));
      });
      // Where the notes could not be written, the networks of these bundles stay all the same.
      return keepOnly(networksOf([...installed, ...(await notes())]));
    },
    async models() {
      const sizes = new Map<string, { bytes: number; stored: number }>();
      await quietly(NETWORKS, async cache => {
        for (const request of await cache.keys()) {
          const { headers } = (await cache.match(request)) ?? new Response();
          const bytes = Number(headers.get('Content-Length'));
          sizes.set(request.url.slice(networkUrl().length), {
            bytes,
            stored: Date.parse(headers.get('Date') ?? '') || 0,
          });
        }
      });
      const models = (await notes()).flatMap(({ address, name, networks }): KeptModel[] => {
        const kept = [...new Set(networks)].flatMap(sha256 => sizes.get(sha256) ?? []);
        if (kept.length === 0) return [];
        const bytes = kept.reduce((sum, file) => sum + file.bytes, 0);
        return [{ address, name, bytes, stored: new Date(Math.max(...kept.map(file => file.stored))) }];
      });
      return models.sort((a, b) => a.name.localeCompare(b.name));
    },
    async remove(address) {
      const others = (await notes()).filter(note => note.address !== address);
      await quietly(BUNDLES, cache => cache.delete(noteUrl(address)));
      await keepOnly(networksOf(others));
    },
  };
}

function noteOf({ manifest: { name, version, files }, baseUrl }: Bundle): Note {
  const networks = Object.values(files).flatMap(some => Object.values(some).map(file => file.sha256));
  return { address: baseUrl, name: `${name} ${version}`, networks };
}

/** Undefined where the browser has no such storage, refuses it or has no room. */
async function quietly<T>(name: string, work: (cache: Cache) => Promise<T>): Promise<T | undefined> {
  try {
    return 'caches' in self ? await work(await self.caches.open(name)) : undefined;
  } catch {
    return undefined;
  }
}
