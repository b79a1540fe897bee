/**
 * Downloads the prebuilt OHIF viewer once: the npm package `@ohif/app`, since a source build needs OHIF's
 * monorepo. Version and hash are pinned.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeError, UserError } from '../kit/src';
import { moveComplete } from './moveComplete';
import { paths } from './paths';

const run = promisify(execFile);

/** Versions that the tests run, with the hash of the package; the demo shows the first. */
const INTEGRITY = {
  '3.13.2': 'sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==',
  '3.12.10':
    'sha512-0kuF66Mq9c9dMD++bUsTjMrJpXJwaZhz9B4uS244DawAjSkTwIYFU93pxPuRUQixaRi7QAHlF3Fe1qudBlZrmA==',
  '3.14.0-beta.6':
    'sha512-QwA0talqhh4VlUR+QgT2t8FP7NpX++4s6Z9Cp5VIcta3JMd2zGBPTp/R9t7JaX0Xi1AHAZAJxTv502R+SawaBg==',
};

export type ViewerVersion = keyof typeof INTEGRITY;
export const DEMO_VERSION: ViewerVersion = '3.13.2';

/** Two thirds of the package: an onnxruntime of 2024 for OHIF's segmentation tool; we must not use it. */
const LEFT_OUT = 'package/dist/ort';

/**
 * Downloads the viewer unless it is on disk.
 * @returns the folder with its `index.html`
 * @throws UserError when the registry does not answer, the hash differs, or the package cannot be unpacked
 */
export async function ensureViewer(version = DEMO_VERSION): Promise<string> {
  const home = path.join(paths.viewers, `ohif-${version}`);
  const dist = path.join(home, 'dist');
  if (existsSync(path.join(dist, 'index.html'))) return dist;

  await mkdir(paths.viewers, { recursive: true });
  // Rename the folder when it is complete, so that an interruption leaves no partial viewer.
  const temporary = await mkdtemp(path.join(paths.viewers, 'incoming-'));
  try {
    const tarball = await download(temporary, version);
    await checkIntegrity(tarball, version);
    await unpack(tarball, temporary);
    await moveComplete(path.join(temporary, 'package'), home, 'dist/index.html');
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return dist;
}

async function download(folder: string, version: ViewerVersion): Promise<string> {
  const packageName = `@ohif/app@${version}`;
  try {
    await run('npm', ['pack', packageName, '--ignore-scripts', '--silent', '--pack-destination', folder], {
      cwd: folder,
      maxBuffer: 2 ** 26,
    });
  } catch (cause) {
    throw new UserError(`Could not download ${packageName}: is the npm registry reachable?`, { cause });
  }
  const tarball = (await readdir(folder)).find(name => name.endsWith('.tgz'));
  if (!tarball) throw new UserError(`npm pack ${packageName} left no package in ${folder}.`);
  return path.join(folder, tarball);
}

async function checkIntegrity(tarball: string, version: ViewerVersion): Promise<void> {
  const [expected, found] = [INTEGRITY[version], integrityOf(await readFile(tarball))];
  if (found !== expected) {
    throw new UserError(
      `The downloaded OHIF ${version} is not the pinned one: expected ${expected}, got ${found}.`,
    );
  }
}

/** Subresource Integrity string, as in package-lock.json. */
export function integrityOf(bytes: Uint8Array): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

async function unpack(tarball: string, folder: string): Promise<void> {
  try {
    await run('tar', ['-xzf', tarball, '-C', folder, `--exclude=${LEFT_OUT}`]);
  } catch (cause) {
    throw new UserError('Could not unpack the OHIF viewer: is tar installed and the disk not full?', {
      cause,
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureViewer().then(
    dist => console.log(`OHIF ${DEMO_VERSION} is in ${path.dirname(dist)}`),
    (error: unknown) => {
      console.error(describeError(error));
      process.exitCode = 1;
    },
  );
}
