import { asSynthesisError, SynthesisError, throwIfCancelled } from '../errors';
import type { OnStep } from '../progress';
import { type BundleManifest, networkNames, parseManifest } from './manifest';

/** A checked bundle: manifest, hash of the manifest's bytes (which holds the hash of every file), and the ONNX bytes. */
export interface Bundle {
  manifest: BundleManifest;
  /** SHA-256 of bundle.json, hex: names this bundle down to the last weight. */
  sha256: string;
  networks: ReadonlyMap<string, Uint8Array>;
}

/** Reads one file of a bundle by its path in it; `onBytes` hears how many bytes have come so far. */
export type ReadFile = (
  path: string,
  onBytes?: (received: number) => void,
  signal?: AbortSignal,
) => Promise<Uint8Array>;

/**
 * Reads and checks a bundle: manifest against the schema, then every network's size and SHA-256.
 * @throws SynthesisError `bundle-unreachable`, `bundle-invalid`, `bundle-corrupt` (naming the file) or `cancelled`
 */
export async function loadBundle(
  where: string,
  read: ReadFile,
  wanted: (manifest: BundleManifest) => readonly string[] = m => networkNames(m.contrasts),
  onStep: OnStep = () => {},
  signal?: AbortSignal,
): Promise<Bundle> {
  const bytes = await readOrSay('bundle.json', where, read, undefined, signal);
  const manifest = parseManifest(parseJson(bytes, where), `${where}bundle.json`);
  const names = wanted(manifest);
  const lacking = names.find(name => !manifest.files.fp32[name]);
  if (lacking) {
    throw new SynthesisError(
      'bundle-invalid',
      `The model ${manifest.id} has no network “${lacking}”: it does not know that contrast. Choose other sources or targets.`,
    );
  }
  const files = names.map(name => manifest.files.fp32[name]);
  const of = files.reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  const networks = new Map<string, Uint8Array>();
  for (const [n, file] of files.entries()) {
    throwIfCancelled(signal);
    const network = await readOrSay(
      file.path,
      where,
      read,
      received => onStep({ stage: 'download', done: Math.min(of, before + received), of }),
      signal,
    );
    if (network.byteLength !== file.bytes || (await sha256(network)) !== file.sha256) {
      throw new SynthesisError(
        'bundle-corrupt',
        `The model file ${where}${file.path} is damaged or was exchanged: its size or SHA-256 differs from bundle.json. ` +
          'Install the bundle again.',
      );
    }
    before += file.bytes;
    onStep({ stage: 'download', done: before, of });
    networks.set(names[n], network);
  }
  return { manifest, sha256: await sha256(bytes), networks };
}

/** Reads the files of a bundle that lies under an HTTP folder; `base` ends with a slash. */
export function httpReader(base: string): ReadFile {
  return async (path, onBytes, signal) => {
    const response = await fetch(base + path, { signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    if (!onBytes || !response.body) return new Uint8Array(await response.arrayBuffer());
    const chunks: Uint8Array[] = [];
    let received = 0;
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      received += value.byteLength;
      onBytes(received);
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

async function readOrSay(
  path: string,
  where: string,
  read: ReadFile,
  onBytes?: (received: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  try {
    return await read(path, onBytes, signal);
  } catch (thrown) {
    throwIfCancelled(signal);
    throw asSynthesisError(
      thrown,
      'bundle-unreachable',
      `The model file ${where}${path} could not be read. Check the bundle's address in the configuration and try again.`,
    );
  }
}

function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (thrown) {
    throw new SynthesisError(
      'bundle-invalid',
      `The model description ${where}bundle.json is not JSON. Check the bundle's address in the configuration.`,
      { cause: thrown },
    );
  }
}

async function sha256(bytes: Uint8Array): Promise<string> {
  // Copied: digest() wants an ArrayBuffer that is not shared.
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), b => b.toString(16).padStart(2, '0')).join('');
}
