/** PACS for demo and tests: Orthanc with its DICOMweb plugin, on loopback, with a temporary store. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { UserError } from '../kit/src';
import { ended, freePort } from './childServer';

export interface RunningOrthanc {
  /** Origin without a trailing slash; DICOMweb is under /dicom-web. */
  url: string;
  /** Stores Part-10 files. */
  load(files: readonly string[]): Promise<void>;
  /** Stops the process and starts another with the same store and address. */
  restart(): Promise<void>;
  /** Stops the process and removes its store. */
  close(): Promise<void>;
}

interface Installation {
  program: string;
  dicomweb: string;
}

/** Path of the plugin on Debian. */
const DICOMWEB_PLUGINS = [
  '/usr/share/orthanc/plugins/libOrthancDicomWeb.so',
  '/usr/lib/orthanc/libOrthancDicomWeb.so',
];
/** Timeout of the start, ms. */
const START_TIME = 30_000;
/** Concurrent uploads. */
const AT_ONCE = 4;

/** Orthanc and its DICOMweb plugin, if both are installed. */
export function findOrthanc(): Installation | undefined {
  const program = (process.env.PATH ?? '')
    .split(path.delimiter)
    .concat('/usr/sbin')
    .map(folder => path.join(folder, 'Orthanc'))
    .find(existsSync);
  const dicomweb = DICOMWEB_PLUGINS.find(existsSync);
  return program && dicomweb ? { program, dicomweb } : undefined;
}

/**
 * Starts an empty Orthanc.
 * @throws UserError with the last line of its output when it does not start
 */
export async function startOrthanc({ program, dicomweb }: Installation): Promise<RunningOrthanc> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'modality-synthesis-orthanc-'));
  const port = await freePort();
  const configuration = path.join(home, 'orthanc.json');
  await writeFile(
    configuration,
    JSON.stringify({
      Name: 'modality-synthesis',
      StorageDirectory: path.join(home, 'store'),
      IndexDirectory: path.join(home, 'store'),
      HttpPort: port,
      HttpBindAddresses: ['127.0.0.1'],
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      DicomServerEnabled: false,
      OverwriteInstances: true,
      Plugins: [dicomweb],
      DicomWeb: {
        Enable: true,
        Root: '/dicom-web/',
        EnableWado: true,
        WadoRoot: '/wado',
        StudiesMetadata: 'Full',
        SeriesMetadata: 'Full',
      },
    }),
  );
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const close = async () => {
    if (child) await ended(child);
    await rm(home, { recursive: true, force: true });
  };
  const restart = async () => {
    if (child) await ended(child);
    child = await launch(program, configuration, url);
  };
  await restart().catch(async error => {
    await close();
    throw error;
  });
  return { url, load: files => load(url, files), restart, close };
}

async function launch(program: string, configuration: string, url: string): Promise<ChildProcess> {
  const child = spawn(program, [configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', chunk => {
    said = `${said}${chunk}`.slice(-4000);
  });
  if (await answers(url, child)) return child;
  await ended(child);
  const last = said.trim().split('\n').at(-1) ?? '';
  throw new UserError(
    `Orthanc did not start (${last || 'it said nothing'}); start without it by --no-orthanc.`,
  );
}

async function load(url: string, files: readonly string[]): Promise<void> {
  const queue = [...files];
  const next = async (): Promise<void> => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const response = await fetch(`${url}/instances`, { method: 'POST', body: await readFile(file) });
      if (!response.ok) throw new UserError(`Orthanc refused ${file}: HTTP ${response.status}.`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  const end = Date.now() + START_TIME;
  while (Date.now() < end && child.exitCode === null) {
    const response = await fetch(`${url}/system`).catch(() => undefined);
    if (response?.ok) return true;
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return false;
}
