import type * as z from 'zod/mini';
import { asSynthesisError, SynthesisError, throwIfCancelled } from '../errors';
import type { OnnxModel } from '../inference/Runtime';
import { type Message, message } from '../messages';
import type { StepOptions } from '../progress';
import { sha256 } from '../sha256';
import { damage, isPage } from './damage';
import { type BundleFile, type CommonManifest, type GraphSet, type Precision, parseManifest } from './fields';

/** A bundle with a valid manifest; its networks are not loaded yet. */
export interface Bundle<M extends CommonManifest = CommonManifest> {
  manifest: M;
  /** SHA-256 of bundle.json, hex. It contains the hashes of all files, so it identifies the weights too. */
  sha256: string;
  /** Address, with a trailing separator. */
  baseUrl: string;
}

/** Networks of a bundle that a job needs. */
export interface NetworkSelection {
  bundle: Bundle;
  names: readonly string[];
}

/** Cache of networks on this machine, by SHA-256. */
export interface NetworkStore {
  get(sha256: string): Promise<Uint8Array | undefined>;
  put(sha256: string, bytes: Uint8Array): Promise<void>;
  /** Begins the work when nobody else who shares the cache is at work on this network; default: at once. */
  exclusively?<T>(sha256: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/**
 * Reads one file of a bundle by its path in it; `onBytes` gets the number of bytes received so far, and the
 * last of them.
 */
export type ReadFile = (
  path: string,
  onBytes?: (received: number, piece: Uint8Array) => void,
  signal?: AbortSignal,
) => Promise<Uint8Array>;

/** A reader of the files of a bundle by its address. */
export type BundleReader = (baseUrl: string) => ReadFile;

/** Where the files of networks come from, and who follows. */
export interface LoadOptions extends StepOptions {
  reader: BundleReader;
  /** Where networks are kept between jobs. */
  store?: NetworkStore;
}

/**
 * Reads bundle.json and checks it against its method's schema.
 * @throws SynthesisError `bundle-unreachable`, `bundle-invalid` or `cancelled`
 */
export async function openBundle<M extends CommonManifest>(
  schema: z.ZodMiniType<M>,
  where: string,
  read: ReadFile,
  signal?: AbortSignal,
): Promise<Bundle<M>> {
  const bytes = await readBundleFile('bundle.json', where, read, undefined, signal);
  const manifest = parseManifest(schema, parseJson(bytes, where), `${where}bundle.json`);
  return { manifest, sha256: await sha256(bytes), baseUrl: where };
}

/** The graphs that a backend runs. */
export function graphsFor({ provider, precision }: { provider: string; precision: Precision }): GraphSet {
  return provider === 'wasm' ? 'wasm' : precision;
}

/** The files of networks, graphs and weights, that run. */
export function requiredFiles(wanted: readonly NetworkSelection[], graphs: GraphSet): BundleFile[] {
  return wanted.flatMap(({ bundle, names }) =>
    names.flatMap(name => {
      const { graph, weights } = filesOf(bundle.manifest, name, graphs);
      return weights ? [graph, weights] : [graph];
    }),
  );
}

/** The precision in which a bundle runs: fp16 only if wanted and available. */
export function bundlePrecision({ files }: CommonManifest, wanted: Precision): Precision {
  return wanted === 'fp16' && files.fp16 ? 'fp16' : 'fp32';
}

/**
 * Reads networks of one or more bundles and checks their size and SHA-256. Progress counts all bytes
 * together.
 * @param graphs fp32 where a network has no others
 * @returns ONNX models by the network's name
 * @throws SynthesisError `bundle-unreachable`, `bundle-invalid`, `bundle-corrupt` or `cancelled`
 */
export async function loadNetworks(
  wanted: readonly NetworkSelection[],
  graphs: GraphSet,
  { reader, store, onStep = () => {}, signal }: LoadOptions,
): Promise<Map<string, OnnxModel>> {
  const of = requiredFiles(wanted, graphs).reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  const load = async (file: BundleFile, baseUrl: string): Promise<Uint8Array> => {
    throwIfCancelled(signal);
    const onBytes = (received: number) => onStep({ stage: 'download', done: before + received, of });
    const keptOrRead = async () => {
      const kept = await store?.get(file.sha256);
      if (kept && (await isWhole(kept, file))) return kept;
      const bytes = await readWhole(file, baseUrl, reader(baseUrl), onBytes, signal);
      await store?.put(file.sha256, bytes);
      return bytes;
    };
    const bytes = await (store?.exclusively?.(file.sha256, keptOrRead, signal) ?? keptOrRead());
    before += file.bytes;
    onStep({ stage: 'download', done: before, of });
    return bytes;
  };
  const models = new Map<string, OnnxModel>();
  for (const { bundle, names } of wanted) {
    for (const name of names) {
      const { graph, weights } = filesOf(bundle.manifest, name, graphs);
      models.set(name, {
        graph: await load(graph, bundle.baseUrl),
        ...(weights && { weights: { path: weights.path, data: await load(weights, bundle.baseUrl) } }),
      });
    }
  }
  return models;
}

/** Reads a file that has the size and SHA-256 of the manifest. */
async function readWhole(
  file: BundleFile,
  baseUrl: string,
  read: ReadFile,
  onBytes: (received: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const address = baseUrl + file.path;
  let start = new Uint8Array();
  let received = 0;
  const corrupt = () => new SynthesisError('bundle-corrupt', damage(address, file, start, received));
  const count = (sum: number, piece: Uint8Array) => {
    if (received === 0) start = new Uint8Array(piece);
    received = sum;
    if (received > file.bytes) throw corrupt();
    onBytes(received);
  };
  // A connection that breaks under way leaves less than the file.
  const broken = () => (received ? damage(address, file, start, received) : undefined);
  const bytes = await readBundleFile(file.path, baseUrl, read, count, signal, broken);
  if (!(await isWhole(bytes, file))) throw corrupt();
  return bytes;
}

async function isWhole(bytes: Uint8Array, file: BundleFile): Promise<boolean> {
  return bytes.byteLength === file.bytes && (await sha256(bytes)) === file.sha256;
}

function filesOf({ id, files }: CommonManifest, name: string, graphs: GraphSet) {
  const graph = files[graphs]?.[name] ?? files.fp32[name];
  if (graph) return { graph, weights: files.weights?.[name] };
  throw new SynthesisError('bundle-invalid', message('bundle/no-network', { bundle: id, network: name }));
}

/**
 * Reads the files of a bundle over HTTP; `base` ends with a slash. A download ends where `onBytes` throws.
 * The browser's cache is asked only for what the server says is unchanged: a bundle is replaced under the
 * same address.
 */
export function httpReader(base: string): ReadFile {
  return async (path, onBytes, signal) => {
    const response = await fetch(base + path, { signal, cache: 'no-cache' });
    if (!response.ok) {
      const text = message('bundle/http-error', { file: base + path, status: response.status });
      throw new SynthesisError('bundle-unreachable', text);
    }
    if (!onBytes || !response.body) return new Uint8Array(await response.arrayBuffer());
    const chunks: Uint8Array[] = [];
    let received = 0;
    // Leaving the loop early cancels the download.
    for await (const chunk of pieces(response.body)) {
      chunks.push(chunk);
      received += chunk.byteLength;
      onBytes(received, chunk);
    }
    const all = new Uint8Array(received);
    let offset = 0;
    for (const chunk of chunks) {
      all.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return all;
  };
}

/** Not every browser can iterate over a stream itself. */
async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function readBundleFile(
  path: string,
  where: string,
  read: ReadFile,
  onBytes?: (received: number, piece: Uint8Array) => void,
  signal?: AbortSignal,
  broken: () => Message | undefined = () => undefined,
): Promise<Uint8Array> {
  try {
    return await read(path, onBytes, signal);
  } catch (thrown) {
    throwIfCancelled(signal);
    const text = broken() ?? message('bundle/unreachable', { file: where + path });
    throw asSynthesisError(thrown, 'bundle-unreachable', text);
  }
}

function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const text = isPage(bytes)
      ? message('bundle/page', { file: `${where}bundle.json` })
      : message('bundle/not-json', { bundle: where });
    throw new SynthesisError('bundle-invalid', text, { cause });
  }
}
