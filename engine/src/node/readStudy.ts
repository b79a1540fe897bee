import { type Dataset, number } from '../dicom/Dataset';
import { framesOf } from '../dicom/frames';
import { filesUnder, readHeader } from '../dicom/node/files';
import { SynthesisError, throwIfCancelled } from '../errors';
import { describeSeries, type StudySeries } from '../series/StudySeries';

/** An image in a file, without its pixels. */
export interface FileImage {
  path: string;
  /** A frame of a multi-frame image has its own, see `framesOf`. */
  instance: Dataset;
}

/** A series, or a stack of one, whose images lie in files. */
export interface FileSeries extends StudySeries {
  /** One per image; frames of a multi-frame image share a file. */
  files: readonly FileImage[];
}

/** One study as a folder holds it. */
export interface FileStudy {
  StudyInstanceUID: string;
  /** Series with pixels, by SeriesNumber. */
  series: FileSeries[];
  /** Messages about files left out. */
  warnings: string[];
}

/**
 * Reads the headers of every DICOM file in a folder and the folders in it.
 * @throws SynthesisError `source-unreadable` for an unreadable folder, no DICOM image or several studies
 */
export async function readStudy(folder: string, signal?: AbortSignal): Promise<FileStudy> {
  const images: FileImage[] = [];
  const seen = new Set<unknown>();
  const skipped = { others: 0, incomplete: 0, copies: 0 };
  const broken: string[] = [];
  for (const path of await filesIn(folder)) {
    throwIfCancelled(signal);
    const header = await readHeader(path);
    if (header === 'not DICOM') skipped.others++;
    else if (header === 'damaged') broken.push(path);
    else if (!header.hasPixels && !header.instance.Rows) continue;
    else if (!header.hasPixels || REQUIRED.some(keyword => !header.instance[keyword])) skipped.incomplete++;
    else if (seen.has(header.instance.SOPInstanceUID)) skipped.copies++;
    else {
      seen.add(header.instance.SOPInstanceUID);
      images.push({ path, instance: header.instance });
    }
  }
  const warnings = [
    ...(skipped.others
      ? [`Left out ${counted(skipped.others, 'file')} that ${skipped.others === 1 ? 'is' : 'are'} not DICOM.`]
      : []),
    ...(broken.length
      ? [`Left out ${counted(broken.length, 'damaged DICOM file')}, the first is ${broken[0]}.`]
      : []),
    ...(skipped.incomplete
      ? [
          `Left out ${counted(skipped.incomplete, 'DICOM image')} without ${REQUIRED.join(', ')} or PixelData.`,
        ]
      : []),
    ...(skipped.copies
      ? [`Left out ${counted(skipped.copies, 'second copy', 'second copies')} of images already read.`]
      : []),
  ];
  return { StudyInstanceUID: studyUid(images, folder, warnings), series: groupSeries(images), warnings };
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await filesUnder(folder);
  } catch (thrown) {
    throw new SynthesisError(
      'source-unreadable',
      `The folder ${folder} cannot be read; check --study and its permissions.`,
      { cause: thrown },
    );
  }
}

/** Attributes that identify and size an image. */
const REQUIRED = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'Rows', 'Columns'] as const;

function studyUid(images: readonly FileImage[], folder: string, warnings: readonly string[]): string {
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

function groupSeries(images: readonly FileImage[]): FileSeries[] {
  const groups = new Map<unknown, FileImage[]>();
  for (const image of images) {
    const uid = image.instance.SeriesInstanceUID;
    groups.set(uid, [...(groups.get(uid) ?? []), image]);
  }
  const order = ({ instance }: FileImage) => number(instance.InstanceNumber) ?? 0;
  return [...groups.values()]
    .map(group => group.sort((a, b) => order(a) - order(b)))
    .flatMap(group => describeSeries(group.flatMap(framesOfFile)))
    .map(({ series, images: files }) => ({ ...series, files }))
    .sort((a, b) => a.SeriesNumber - b.SeriesNumber);
}

function framesOfFile(file: FileImage): FileImage[] {
  return framesOf(file.instance).map(instance => ({ ...file, instance }));
}

function counted(n: number, one: string, several = `${one}s`): string {
  return `${n} ${n === 1 ? one : several}`;
}
