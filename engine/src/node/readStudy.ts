import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { SynthesisError, throwIfCancelled } from '../errors';
import { number } from '../series/attributes';
import { framesOf } from '../series/frames';
import { describeSeries, type StudySeries } from '../series/StudySeries';
import { type DicomHeader, isPart10, parseHeader } from './dicomFile';

/** A series, or a stack of one, whose images lie in files. */
export interface FileSeries extends StudySeries {
  /** One an image; the frames of a multi-frame image lie in one file. */
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
  const left = { others: 0, incomplete: 0, copies: 0 };
  const broken: string[] = [];
  for (const file of await filesUnder(folder)) {
    throwIfCancelled(signal);
    const header = await readHeader(file);
    if (header === 'other') left.others++;
    else if (header === 'broken') broken.push(file);
    else if (!header.hasPixels && !header.instance.Rows) continue;
    else if (!header.hasPixels || REQUIRED.some(keyword => !header.instance[keyword])) left.incomplete++;
    else if (seen.has(header.instance.SOPInstanceUID)) left.copies++;
    else {
      seen.add(header.instance.SOPInstanceUID);
      images.push(header);
    }
  }
  const warnings = [
    ...(left.others
      ? [`Left out ${counted(left.others, 'file')} that ${left.others === 1 ? 'is' : 'are'} not DICOM.`]
      : []),
    ...(broken.length
      ? [`Left out ${counted(broken.length, 'damaged DICOM file')}, the first is ${broken[0]}.`]
      : []),
    ...(left.incomplete
      ? [`Left out ${counted(left.incomplete, 'DICOM image')} without ${REQUIRED.join(', ')} or PixelData.`]
      : []),
    ...(left.copies
      ? [`Left out ${counted(left.copies, 'second copy', 'second copies')} of images already read.`]
      : []),
  ];
  return { StudyInstanceUID: theStudy(images, folder, warnings), series: groupSeries(images), warnings };
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

/** What an image needs to be told from others and shown. */
const REQUIRED = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'Rows', 'Columns'] as const;

function theStudy(images: readonly DicomHeader[], folder: string, warnings: readonly string[]): string {
  const studies = [...new Set(images.map(i => String(i.instance.StudyInstanceUID)))];
  if (studies.length === 0) {
    const why = warnings.length ? ` ${warnings.join(' ')}` : '';
    throw new SynthesisError(
      'source-unreadable',
      `There is no DICOM image in ${folder}; name the folder of a study with --study.${why}`,
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
    .flatMap(group => describeSeries(group.flatMap(framesOfFile)))
    .map(({ series, images: files }) => ({ ...series, files }))
    .sort((a, b) => a.SeriesNumber - b.SeriesNumber);
}

function framesOfFile(file: DicomHeader): DicomHeader[] {
  return framesOf(file.instance).map(instance => ({ ...file, instance }));
}

function counted(n: number, one: string, several = `${one}s`): string {
  return `${n} ${n === 1 ? one : several}`;
}
