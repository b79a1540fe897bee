import * as z from 'zod/mini';
import { cancelled, SynthesisError, throwIfCancelled } from '../../errors';
import type { Expected, ServedInput, ServedModel } from '../../inference/ServedModel';
import { type Message, message } from '../../messages';
import { type Datatype, decodeAnswer, encodeRequest, type NamedTensor } from './binaryTensors';

/** Timeout of a request where nobody sets one, ms. */
export const REQUEST_TIMEOUT = 300_000;

/** A server that runs models by the Open Inference Protocol v2, and how it is asked. */
export interface ServerPlace {
  /** Its address, absolute: what comes before /v2. */
  url: string;
  /** Name of the model; default: the id of the bundle. */
  model?: string;
  headers?: Readonly<Record<string, string>>;
  /** Timeout of a request, ms. */
  timeout: number;
}

/** What ran a model, for the record. */
export interface ServerRecord {
  url: string;
  /** The server's name for itself, and its version. */
  software: string;
  model: string;
  version: string;
  /** In which images and results travelled. */
  datatype: string;
}

/** Waits before a request is sent again, ms: a request changes nothing on the server. */
const RETRIES = [1000, 4000];
/** Proxy and server say these when they are away or full for a moment. */
const PASSING = [429, 502, 503, 504];
const OUT_OF_MEMORY = /memory|alloc/i;
/** Half precision rounds the largest intensity up. */
const ROUNDING = 2e-3;

const JSON_LENGTH = 'Inference-Header-Content-Length';

interface Answer {
  bytes: Uint8Array<ArrayBuffer>;
  /** NaN or 0 where the answer is JSON only. */
  jsonLength: number;
}

const about = z.object({ name: z.string(), version: z.string() });
const metadata = z.object({
  versions: z.optional(z.array(z.string())),
  inputs: z.array(z.object({ name: z.string(), datatype: z.string() })),
});
/** Of Triton's model configuration. */
const configuration = z.object({
  parameters: z._default(z.record(z.string(), z.object({ string_value: z.string() })), {}),
});

/** "ai.hospital.example": what a person reads of a server. */
export function hostOf({ url }: Pick<ServerPlace, 'url'>): string {
  return new URL(url).host;
}

/**
 * Finds the version of the model that has the weights of a bundle; nothing is sent to it but its address.
 * @param waits before a request is sent again, ms
 * @throws SynthesisError `server-failed`, saying what is wrong, or `cancelled`
 */
export async function openServedModel(
  place: ServerPlace,
  { manifest, sha256 }: { manifest: { id: string; name: string }; sha256: string },
  signal?: AbortSignal,
  waits: readonly number[] = RETRIES,
): Promise<ServedModel & { record: ServerRecord }> {
  const host = hostOf(place);
  const base = place.url.replace(/\/+$/, '');
  const model = place.model ?? manifest.id;
  const wrong = (what: string, cause?: unknown) =>
    failure(message('server/wrong-answer', { host, what }), cause);
  const ask = (path: string, init: RequestInit = {}) =>
    retried(() => request(place, host, `${base}/v2${path}`, { ...init, signal }), waits, signal);
  const read = async <T>(path: string, schema: z.ZodMiniType<T>): Promise<T> => {
    const { bytes } = await ask(path);
    try {
      return schema.parse(JSON.parse(textOf(bytes)));
    } catch (thrown) {
      throw wrong(`/v2${path}`, thrown);
    }
  };
  const server = await read('', about);
  const path = `/models/${encodeURIComponent(model)}`;
  const { versions = [], inputs } = await read(path, metadata);
  const { parameters } = await read(`${path}/config`, configuration);
  const version = versions.find(one => parameters[`sha256-${one}`]?.string_value === sha256);
  if (!version) throw failure(message('server/other-model', { host, model, bundle: manifest.name }));
  const datatype = inputs.find(({ name }) => name === 'images')?.datatype;
  if (datatype !== 'FP16' && datatype !== 'FP32') throw wrong(`images ${datatype}`);
  const slices = Number(parameters.slices?.string_value);
  if (!(Number.isInteger(slices) && slices > 0)) throw wrong(`slices ${parameters.slices?.string_value}`);
  return {
    slices,
    record: { url: base, software: `${server.name} ${server.version}`, model, version, datatype },
    async infer(given, expected) {
      const tensors = Object.entries(given).map(([name, input]) => named(name, input, datatype));
      const { body, jsonLength } = encodeRequest(tensors, Object.keys(expected));
      const headers = {
        'Content-Type': 'application/octet-stream',
        [JSON_LENGTH]: String(jsonLength),
      };
      const found = await ask(`${path}/versions/${version}/infer`, { method: 'POST', body, headers });
      try {
        const answer = decodeAnswer(found.bytes, found.jsonLength);
        if (answer.version !== version) throw new Error(`version ${answer.version}`);
        return checked(answer.outputs, expected);
      } catch (thrown) {
        throw wrong(thrown instanceof Error ? thrown.message.split('\n')[0] : '', thrown);
      }
    },
  };
}

/** A good answer, read to its end. */
async function request(
  { headers, timeout }: ServerPlace,
  host: string,
  address: string,
  { signal, ...init }: RequestInit,
): Promise<Answer> {
  const late = AbortSignal.timeout(timeout);
  let response: Response;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    response = await fetch(address, {
      ...init,
      headers: { ...headers, ...init.headers },
      signal: signal ? AbortSignal.any([signal, late]) : late,
      redirect: 'error',
      cache: 'no-store',
    });
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (thrown) {
    throwIfCancelled(signal ?? undefined);
    if (late.aborted) throw failure(message('server/slow', { host, seconds: timeout / 1000 }), thrown);
    throw new Passing(message('server/unreachable', { host }), thrown);
  }
  if (response.ok) return { bytes, jsonLength: Number(response.headers.get(JSON_LENGTH)) };
  const { status } = response;
  const said = textOf(bytes.subarray(0, 2000));
  if (PASSING.includes(status)) throw new Passing(message('server/busy', { host, status }), said);
  if (status === 401 || status === 403) throw failure(message('server/login', { host, status }), said);
  if (status === 413) throw failure(message('server/too-large', { host }), said);
  if (status === 404) throw failure(message('server/no-model', { host, address }), said);
  if (OUT_OF_MEMORY.test(said)) throw failure(message('server/no-memory', { host }), said);
  throw failure(message('server/failed', { host, status, reason: reasonIn(said) }), said);
}

/** A failure that may be over in a moment. */
class Passing extends SynthesisError {
  constructor(text: Message, cause: unknown) {
    super('server-failed', text, { cause });
  }
}

async function retried<T>(
  work: () => Promise<T>,
  [wait, ...others]: readonly number[],
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof Passing) || wait === undefined) throw thrown;
    await pause(wait, signal);
    return retried(work, others, signal);
  }
}

/** @throws SynthesisError `cancelled` as soon as the signal is aborted */
function pause(wait: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, wait);
    const stop = () => {
      clearTimeout(timer);
      reject(cancelled());
    };
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function named(name: string, { dims, data }: ServedInput, datatype: Exclude<Datatype, 'INT32'>): NamedTensor {
  return data instanceof Int32Array
    ? { name, datatype: 'INT32', shape: dims, data }
    : { name, datatype, shape: dims, data };
}

/** @throws Error saying what is not as it is expected, in English */
function checked(
  outputs: ReadonlyMap<string, NamedTensor>,
  expected: Readonly<Record<string, Expected>>,
): Record<string, { dims: readonly number[]; data: Float32Array }> {
  return Object.fromEntries(
    Object.entries(expected).map(([name, { shape, least, most }]) => {
      const found = outputs.get(name);
      if (!found || found.datatype === 'INT32' || String(found.shape) !== String(shape)) {
        throw new Error(`${name} [${found?.shape ?? ''}], not [${shape}]`);
      }
      const wrong = found.data.find(v => !(v >= least - ROUNDING && v <= most + ROUNDING));
      if (wrong !== undefined) throw new Error(`${name} ${wrong}, not ${least} to ${most}`);
      return [name, { dims: shape, data: found.data }];
    }),
  );
}

/** What a server says of an error: `error` of its JSON, or the first line. */
function reasonIn(said: string): string {
  try {
    const { data } = z.object({ error: z.string() }).safeParse(JSON.parse(said));
    if (data) return data.error.slice(0, 200);
  } catch {
    // No JSON.
  }
  return said.split('\n')[0].slice(0, 200);
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function failure(text: Message, cause?: unknown): SynthesisError {
  return new SynthesisError('server-failed', text, { cause });
}
