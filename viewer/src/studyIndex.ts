/** In-memory index of the DICOM objects in folders, by study and series. */
import { stat } from 'node:fs/promises';
import { filesUnder, readHeader } from '@modality-synthesis/engine/dicom/node';
import { UserError } from '../kit/src';
import { type DicomFile, indexedFile } from './dicomFile';
import { numberOf } from './dicomJson';

export interface Series {
  uid: string;
  /** By InstanceNumber; not empty. */
  files: [DicomFile, ...DicomFile[]];
}

export interface Study {
  uid: string;
  /** By SeriesNumber; not empty. */
  series: [Series, ...Series[]];
}

export interface StudyIndex {
  studies: Study[];
  /** Messages about excluded files. */
  warnings: string[];
}

/**
 * Reads folders recursively.
 * @param uriRoot URL path of large values
 * @throws UserError for a missing folder
 */
export async function indexStudies(folders: readonly string[], uriRoot: string): Promise<StudyIndex> {
  const files: DicomFile[] = [];
  const seen = new Set<string>();
  const left = { otherFiles: 0, broken: 0, copies: 0 };
  for (const folder of folders) {
    const info = await stat(folder).catch(() => undefined);
    if (!info?.isDirectory()) throw new UserError(`There is no folder ${folder}.`);
    for (const path of await filesUnder(folder)) {
      const header = await readHeader(path);
      const file = typeof header === 'string' ? undefined : indexedFile(path, header, uriRoot);
      // SOPInstanceUIDs alone may repeat across series.
      const identity = `${file?.studyUid}/${file?.seriesUid}/${file?.instanceUid}`;
      if (header === 'not DICOM') left.otherFiles++;
      else if (!file) left.broken++;
      else if (seen.has(identity)) left.copies++;
      else {
        seen.add(identity);
        files.push(file);
      }
    }
  }
  return {
    studies: group(files),
    warnings: [
      ...(left.otherFiles ? [`Left out ${left.otherFiles} files which are not DICOM.`] : []),
      ...(left.broken
        ? [
            `Left out ${left.broken} DICOM files which are damaged or belong to no study: copy them from their source again.`,
          ]
        : []),
      ...(left.copies ? [`Left out ${left.copies} copies of instances already read.`] : []),
      ...(files.length ? [] : folders.length ? [`No DICOM study in ${folders.join(', ')}.`] : []),
    ],
  };
}

function group(files: readonly DicomFile[]): Study[] {
  const studies: Study[] = [];
  const seriesByUid = new Map<string, Series>();
  for (const file of files) {
    const key = `${file.studyUid}/${file.seriesUid}`;
    const known = seriesByUid.get(key);
    if (known) {
      known.files.push(file);
      continue;
    }
    const series: Series = { uid: file.seriesUid, files: [file] };
    seriesByUid.set(key, series);
    const study = studies.find(({ uid }) => uid === file.studyUid);
    if (study) study.series.push(series);
    else studies.push({ uid: file.studyUid, series: [series] });
  }
  for (const study of studies) {
    study.series.sort((a, b) => order(a.files[0], b.files[0], '00200011'));
    for (const series of study.series) series.files.sort((a, b) => order(a, b, '00200013'));
  }
  return studies;
}

function order(a: DicomFile, b: DicomFile, tag: string): number {
  return numberOf(a.metadata, tag, 0) - numberOf(b.metadata, tag, 0);
}
