import { constants } from 'node:fs';
import { access, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '../dicom/Dataset';
import { writePart10 } from '../dicom/writePart10';
import { asSynthesisError, checkpoint, SynthesisError } from '../errors';

/** A derived series to be written to `OUT/<folder>`. */
export interface OutputSeries {
  folder: string;
  datasets: readonly Dataset[];
}

/**
 * Checks that the results can be written, before the work begins.
 * @throws SynthesisError `output-unwritable`: a folder in OUT is not empty, or OUT cannot be written
 */
export async function checkOutput(out: string, folders: readonly string[]): Promise<void> {
  for (const name of folders) {
    const folder = path.join(out, name);
    const entries = await readdir(folder).catch(ifAbsent<string[]>([], folder));
    if (entries.length > 0) {
      throw unwritable(`The folder ${folder} is not empty; remove it or choose another --out.`);
    }
  }
  let existing = path.resolve(out);
  for (
    let info = await stat(existing).catch(() => null);
    !info;
    info = await stat(existing).catch(() => null)
  ) {
    if (existing === path.dirname(existing)) break;
    existing = path.dirname(existing);
  }
  const info = await stat(existing);
  const mayWrite = await access(existing, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!info.isDirectory() || !mayWrite)
    throw unwritable(`The folder ${existing} cannot be written; choose another --out.`);
}

/**
 * Writes every series to a temporary folder and renames all of them after the last file. Removes everything
 * on failure or cancel, including OUT if it was created here.
 * @returns paths of the files, one list per series
 * @throws SynthesisError `output-unwritable` or `cancelled`
 */
export async function writeOutput(
  out: string,
  series: readonly OutputSeries[],
  onFile: () => void,
  signal?: AbortSignal,
): Promise<string[][]> {
  const places = series.map(({ folder, datasets }) => ({
    datasets,
    temporary: path.join(out, `.${folder}-${process.pid}-${Date.now().toString(36)}.partial`),
    final: path.join(out, folder),
  }));
  const placed: string[] = [];
  let made: string | undefined;
  try {
    made = await mkdir(out, { recursive: true });
    for (const { datasets, temporary } of places) {
      await mkdir(temporary);
      for (const [k, dataset] of datasets.entries()) {
        await checkpoint(signal);
        await writeFile(path.join(temporary, fileName(k)), new Uint8Array(writePart10(dataset)));
        onFile();
      }
    }
    await checkpoint(signal);
    for (const { temporary, final } of places) {
      // Removes an empty folder; fails if it has been filled meanwhile.
      await rmdir(final).catch(ifAbsent(undefined, final));
      await rename(temporary, final);
      placed.push(final);
    }
  } catch (thrown) {
    for (const folder of [...places.map(p => p.temporary), ...placed])
      await rm(folder, { recursive: true, force: true });
    if (made) await removeEmpty(path.resolve(out), path.resolve(made));
    throw asSynthesisError(
      thrown,
      'output-unwritable',
      `The result could not be written to ${out}; check its space and permissions, or choose another --out.`,
    );
  }
  return places.map(({ datasets, final }) => datasets.map((_, k) => path.join(final, fileName(k))));
}

function fileName(k: number): string {
  return `IM${String(k + 1).padStart(4, '0')}.dcm`;
}

/** Removes folders from `folder` up to `top` as long as they are empty. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  try {
    for (let at = folder; at.startsWith(top); at = path.dirname(at)) await rmdir(at);
  } catch {
    // It contains other files: keep it.
  }
}

/** Error handler: returns `value` if the folder does not exist, otherwise throws. */
function ifAbsent<T>(value: T, folder: string): (thrown: NodeJS.ErrnoException) => T {
  return thrown => {
    if (thrown.code === 'ENOENT') return value;
    throw new SynthesisError(
      'output-unwritable',
      `${folder} is in the way; remove it or choose another --out.`,
      { cause: thrown },
    );
  };
}

function unwritable(message: string): SynthesisError {
  return new SynthesisError('output-unwritable', message);
}
