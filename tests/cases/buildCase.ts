import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { REAL_STUDIES } from '@modality-synthesis/engine/testing/tools';

/** Scripts that build the reported studies, and names of series; never part of the repository. */
export const REPORTED = path.resolve(REAL_STUDIES, '../cases');

/** Whether the cases can be built here; tests that need them skip without. */
export function buildsCases(): boolean {
  return existsSync(REPORTED) && spawnSync('python3', ['-c', 'import pydicom, numpy, openjpeg']).status === 0;
}

/**
 * Writes the study of a case.
 * @param id number of the script, or its name
 * @returns its folder, one below `folder`
 */
export function buildCase(id: string, folder: string): string {
  const script = readdirSync(REPORTED).find(name => name === `${id}.py` || name.startsWith(`${id}_`));
  if (!script) throw new Error(`There is no script of the case ${id}.`);
  const study = path.join(folder, id);
  execFileSync('python3', [path.join(REPORTED, script), study], {
    env: { ...process.env, STUDIES: REAL_STUDIES, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return study;
}
