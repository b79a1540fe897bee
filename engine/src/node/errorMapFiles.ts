import { parametricMap } from '../dicom/parametricMap';
import { segmentation } from '../dicom/segmentation';
import type { RoleId } from '../domains/Role';
import type { CompactErrors } from '../pipeline/CompactErrors';
import { makeErrorMap } from '../pipeline/makeErrorMap';
import type { MadeSeries } from '../pipeline/makeSeries';
import type { OutputSeries } from './outputFolders';

/** Folders of a target's error map, and of the region in which something cannot be told. */
export function errorMapFolders(target: RoleId): { errorMap: string; indeterminate: string } {
  return { errorMap: `${target}-error`, indeterminate: `${target}-indeterminate` };
}

/** The error map of a series and, where its bundle knows one, that region: series of one file each. */
export async function errorMapSeries(
  { derivation: { target }, datasets, grid }: MadeSeries,
  errors: CompactErrors,
): Promise<OutputSeries[]> {
  const folders = errorMapFolders(target);
  const map = await makeErrorMap(errors, grid);
  const now = new Date();
  const output = [{ folder: folders.errorMap, datasets: [parametricMap(datasets, map, now)] }];
  if (map.region) {
    output.push({ folder: folders.indeterminate, datasets: [segmentation(datasets, map.region, now)] });
  }
  return output;
}

/** The files of both in what was written. */
export function errorMapFiles(
  target: RoleId,
  output: readonly OutputSeries[],
  files: readonly string[][],
): { errorMap?: string; indeterminate?: string } {
  const fileIn = (name: string) => files[output.findIndex(({ folder }) => folder === name)]?.[0];
  const folders = errorMapFolders(target);
  return { errorMap: fileIn(folders.errorMap), indeterminate: fileIn(folders.indeterminate) };
}
