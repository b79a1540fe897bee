/** Folders and programs of integration tests. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const BUNDLES = new URL('../../../models/bundles/', import.meta.url);

/** The smallest bundle: a 6 mm grid, random weights. */
export const TINY_BUNDLE = fileURLToPath(new URL('cdm-tiny/', BUNDLES));

/** The smallest bundle of a method that no server runs. */
export const UNSERVED_BUNDLE = fileURLToPath(new URL('ccdm-tiny/', BUNDLES));

/**
 * Folder of real studies, one a subfolder; never part of the repository. Tests that need one skip without
 * it.
 */
export const REAL_STUDIES =
  process.env.REAL_STUDIES ?? fileURLToPath(new URL('../../../../shared/studies/', import.meta.url));

/** Whether a command-line tool is on the PATH; tests that need one skip without it and say its name. */
export function hasTool(name: string): boolean {
  return !(spawnSync(name, ['--version']).error as NodeJS.ErrnoException | undefined);
}

/** Whether `convertBundle` can run here; tests that need it skip without it. */
export function convertsBundles(): boolean {
  return spawnSync('python3', ['-c', 'import torch, onnx, onnxruntime']).status === 0;
}

/** Writes a copy of a bundle in this repository whose graphs share their weights, by the training package. */
export function convertBundle(id: string, result: string): void {
  const cwd = fileURLToPath(new URL('../../../models/training/', import.meta.url));
  const args = ['-m', 'synthesis.common.convert_bundle', `../bundles/${id}`, result];
  execFileSync('python3', args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** An empty folder and how to be rid of it. */
export async function temporaryFolder(): Promise<{ folder: string; cleanUp: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'synthesize-test-'));
  return { folder, cleanUp: () => rm(folder, { recursive: true, force: true }) };
}
