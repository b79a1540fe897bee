import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadNetworks, requiredFiles } from '../bundle/loadBundle';
import { asSynthesisError, SynthesisError } from '../errors';
import { english } from '../messages/english';
import type { Target, TargetParameters } from '../methods/Method';
import { completeOptions, openModel } from '../models';
import { sha256 } from '../sha256';
import { bundleFolder, folderReader } from './bundleFolder';
import type { Console } from './cli';
import { serverConfig } from './serverConfig';

/** The Python of a method for Triton's Python backend, in models/training. */
const PYTHON: Readonly<Record<string, string>> = { cdm: 'synthesis/methods/cdm/serve.py' };
const TRAINING = fileURLToPath(new URL('../../../models/training/', import.meta.url));

/** Slices of a request unless somebody says how many: about 8 MB each way at 192 x 192 pixels. */
const SLICES = 32;

const USAGE = `Usage: export-server --bundle DIR --out DIR [options]

Writes a bundle as a model into a model repository of NVIDIA Triton (docs/server.md). A bundle that is there
under the same name with other weights stays, and the new one is its next version.

  --bundle DIR     folder with bundle.json and the networks; method: ${Object.keys(PYTHON).join(', ')}
  --out DIR        the model repository; the model is a folder in it, named by the bundle's id
  --datatype NAME  fp16 or fp32: in which images and results travel; computed is in fp32 (default: fp16)
  --slices N       most slices of one request, a multiple of the slab is best (default: ${SLICES})
  --help           print this`;

/** What was written. */
export interface Exported {
  model: string;
  version: number;
  sha256: string;
}

/** What `exportServer` writes. */
export interface ExportOptions {
  bundle: string;
  out: string;
  datatype?: 'FP16' | 'FP32';
  slices?: number;
}

/**
 * Writes a bundle as a version of a model into a model repository.
 * @throws SynthesisError as `openModel` and `loadNetworks`, `bundle-invalid` for a method without a server
 */
export async function exportServer({
  bundle,
  out,
  datatype = 'FP16',
  slices = SLICES,
}: ExportOptions): Promise<Exported> {
  const folder = bundleFolder('bundle', bundle);
  const model = await openModel(folder, folderReader(folder));
  const { manifest, method } = model;
  const python = PYTHON[manifest.method];
  if (!python) {
    const known = Object.keys(PYTHON).join(', ');
    throw new SynthesisError(
      'bundle-invalid',
      `${manifest.name} has the method ${manifest.method}, which no server runs yet; these can: ${known}.`,
    );
  }
  const targets = manifest.roles.map(id => ({ id, parameters: largest(method.parameters?.(manifest, id)) }));
  const names = method.networks(manifest, manifest.roles, targets, completeOptions(model));
  // Checks every file that is copied.
  await loadNetworks([{ bundle: model, names }], 'fp32', { reader: folderReader });
  const files = requiredFiles([{ bundle: model, names }], 'fp32').map(file => file.path);
  const home = path.join(out, manifest.id);
  const versions = await versionsIn(home);
  let version = [...versions].find(([, sum]) => sum === model.sha256)?.[0];
  if (version === undefined) {
    version = Math.max(0, ...versions.keys()) + 1;
    versions.set(version, model.sha256);
  }
  // A server that looks at its repository from time to time must find a version whole or not at all.
  const part = path.join(home, `.${version}.part`);
  await rm(part, { recursive: true, force: true });
  for (const file of ['bundle.json', ...files]) {
    const to = path.join(part, 'bundle', file);
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(path.join(folder, file), to);
  }
  await copyFile(path.join(TRAINING, python), path.join(part, 'model.py'));
  await rm(path.join(home, String(version)), { recursive: true, force: true });
  await rename(part, path.join(home, String(version)));
  const config = serverConfig({ manifest, versions, datatype, slices });
  await writeFile(path.join(home, 'config.pbtxt'), config);
  return { model: manifest.id, version, sha256: model.sha256 };
}

/** A target that needs every network which a job may need. */
function largest(parameters: TargetParameters = {}): Target['parameters'] {
  return Object.fromEntries(Object.entries(parameters).map(([name, { max }]) => [name, max]));
}

/** The versions of a model that are there, and the SHA-256 of their bundles. */
async function versionsIn(home: string): Promise<Map<number, string>> {
  const names = (await readdir(home).catch(() => [])).filter(name => /^\d+$/.test(name));
  const read = names.map(async name => {
    const manifest = await readFile(path.join(home, name, 'bundle', 'bundle.json'));
    return [Number(name), await sha256(new Uint8Array(manifest))] as const;
  });
  return new Map((await Promise.all(read)).sort(([a], [b]) => a - b));
}

/**
 * The command line of the export.
 * @param args without node and script
 * @returns the exit code
 */
export async function main(args: readonly string[], { stdout, stderr }: Console): Promise<number> {
  try {
    const options = parseOptions(args);
    if (!options) {
      stdout.write(`${USAGE}\n`);
      return 0;
    }
    const { model, version, sha256 } = await exportServer(options);
    stdout.write(`${path.join(options.out, model)}: version ${version}, bundle SHA-256 ${sha256}\n`);
    return 0;
  } catch (thrown) {
    const error = asSynthesisError(thrown, 'output-unwritable', 'The model could not be written.');
    const { text, cause } = error;
    stderr.write(`${english(text)}${cause instanceof Error ? ` (${cause.message.split('\n')[0]})` : ''}\n`);
    return 1;
  }
}

function parseOptions(args: readonly string[]): ExportOptions | undefined {
  const text = { type: 'string' } as const;
  const options = {
    bundle: text,
    out: text,
    datatype: text,
    slices: text,
    help: { type: 'boolean' },
  } as const;
  const refuse = (reason: string) => new SynthesisError('configuration-invalid', `${reason}\n\n${USAGE}`);
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (thrown) {
    throw refuse((thrown as Error).message);
  }
  const { bundle, out, datatype = 'fp16', help } = values;
  const slices = Number(values.slices ?? SLICES);
  if (help) return undefined;
  if (!bundle || !out) throw refuse('--bundle and --out are needed.');
  if (datatype !== 'fp16' && datatype !== 'fp32') throw refuse('--datatype is fp16 or fp32.');
  if (!(Number.isInteger(slices) && slices > 0)) throw refuse('--slices is a number from 1 on.');
  return { bundle, out, datatype: datatype === 'fp16' ? 'FP16' : 'FP32', slices };
}
