import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { SynthesisError, throwIfCancelled } from '../errors';
import { number } from '../series/attributes';
import { describeSeries, type StudySeries } from '../series/StudySeries';
import { type DicomHeader, isPart10, parseHeader } from './dicomFile';

/** A series whose images lie in files. */
export interface FileSeries extends StudySeries {
  files: readonly DicomHeader[];
}

/** One study as a folder holds it. */
export interface FileStudy {
  StudyInstanceUID: string;
  /** Series with pixels, by SeriesNumber. */
  series: FileSeries[];
  /** Sentences about what was left out. */
  warnings: string[];
}

/**
 * Reads the headers of every DICOM file in a folder and the folders in it.
 * @throws SynthesisError `source-unreadable` for a folder that cannot be read, holds no DICOM image or several studies
 */
export async function readStudy(folder: string, signal?: AbortSignal): Promise<FileStudy> {
  const images: DicomHeader[] = [];
  const seen = new Set<unknown>();
  const broken: string[] = [];
  let others = 0;
  let copies = 0;
  for (const file of await filesUnder(folder)) {
    throwIfCancelled(signal);
    const header = await readHeader(file);
    if (header === 'other') others++;
    else if (header === 'broken') broken.push(file);
    else if (!isImage(header)) continue;
    else if (seen.has(header.instance.SOPInstanceUID)) copies++;
    else {
      seen.add(header.instance.SOPInstanceUID);
      images.push(header);
    }
  }
  return {
    StudyInstanceUID: theStudy(images, folder),
    series: groupSeries(images),
    warnings: [
      ...(others
        ? [`Left out ${counted(others, 'file')} that ${others === 1 ? 'is' : 'are'} not DICOM.`]
        : []),
      ...(broken.length
        ? [`Left out ${counted(broken.length, 'damaged DICOM file')}, the first is ${broken[0]}.`]
        : []),
      ...(copies
        ? [`Left out ${counted(copies, 'second copy', 'second copies')} of images already read.`]
        : []),
    ],
  };
}

async function filesUnder(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter(entry => entry.isFile())
      .map(entry => path.join(entry.parentPath, entry.name))
      .sort();
  } catch (thrown) {
    throw new SynthesisError(
      'source-unreadable',
      `The folder ${folder} cannot be read; check --study and its permissions.`,
      { cause: thrown },
    );
  }
}

async function readHeader(file: string): Promise<DicomHeader | 'other' | 'broken'> {
  try {
    const bytes = await readFile(file);
    return isPart10(bytes) ? parseHeader(file, bytes) : 'other';
  } catch {
    // One damaged file must not hide the rest; it is counted.
    return 'broken';
  }
}

/** A DICOMDIR, a report or a presentation state has no rows. */
function isImage({ instance }: DicomHeader): boolean {
  return ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'Rows', 'Columns'].every(
    k => instance[k],
  );
}

function theStudy(images: readonly DicomHeader[], folder: string): string {
  const studies = [...new Set(images.map(i => String(i.instance.StudyInstanceUID)))];
  if (studies.length === 0) {
    throw new SynthesisError(
      'source-unreadable',
      `There is no DICOM image in ${folder}; name the folder of a study with --study.`,
    );
  }
  if (studies.length > 1) {
    throw new SynthesisError(
      'source-unreadable',
      `The folder ${folder} holds ${studies.length} studies (StudyInstanceUID ${studies.join(' and ')}); ` +
        'give the folder of one.',
    );
  }
  return studies[0];
}

function groupSeries(images: readonly DicomHeader[]): FileSeries[] {
  const groups = new Map<unknown, DicomHeader[]>();
  for (const image of images) {
    const uid = image.instance.SeriesInstanceUID;
    groups.set(uid, [...(groups.get(uid) ?? []), image]);
  }
  const order = ({ instance }: DicomHeader) => number(instance.InstanceNumber) ?? 0;
  return [...groups.values()]
    .map(group => group.sort((a, b) => order(a) - order(b)))
    .map(files => ({ ...describeSeries(files.map(f => f.instance)), files }))
    .sort((a, b) => a.SeriesNumber - b.SeriesNumber);
}

function counted(n: number, one: string, several = `${one}s`): string {
  return `${n} ${n === 1 ? one : several}`;
}
