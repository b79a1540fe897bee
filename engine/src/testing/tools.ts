/** Folders and programs of integration tests. */
import { spawnSync } from 'node:child_process';
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

/** An empty folder and how to be rid of it. */
export async function temporaryFolder(): Promise<{ folder: string; cleanUp: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'synthesize-test-'));
  return { folder, cleanUp: () => rm(folder, { recursive: true, force: true }) };
}
