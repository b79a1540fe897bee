import { type Dataset, number } from '../dicom/Dataset';
import { framesOf } from '../dicom/frames';
import { filesUnder, readEncodedFrames, readHeader } from '../dicom/node/files';
import { decodePixels } from '../dicom/node/pixels/decodePixels';
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
  const images = new Map<string, FileImage[]>();
  const others: string[] = [];
  const damaged: string[] = [];
  const copies: string[] = [];
  const incomplete = new Map<string, string[]>();
  for (const path of await filesIn(folder)) {
    throwIfCancelled(signal);
    const header = await readHeader(path);
    if (typeof header === 'string') {
      (header === 'damaged' ? damaged : others).push(path);
      continue;
    }
    const { instance, hasPixels } = header;
    if (!hasPixels && !instance.Rows) continue;
    const missing = hasPixels ? REQUIRED.find(keyword => !instance[keyword]) : 'PixelData';
    const identity = REQUIRED.map(keyword => instance[keyword]).join();
    const image = { path, instance };
    if (missing) incomplete.set(missing, [...(incomplete.get(missing) ?? []), path]);
    else if (await isCopy(image, images.get(identity))) copies.push(path);
    else images.set(identity, [...(images.get(identity) ?? []), image]);
  }
  const all = [...images.values()].flat();
  const left = [
    ...leftOut(others, 'file that is not DICOM', 'files that are not DICOM'),
    ...leftOut(damaged, 'damaged DICOM file'),
    ...[...incomplete].flatMap(([keyword, paths]) =>
      leftOut(paths, `DICOM image without ${keyword}`, `DICOM images without ${keyword}`),
    ),
    ...leftOut(copies, 'second copy of an image already read', 'second copies of images already read'),
  ];
  const warnings = left.map(what => `Left out ${what}.`);
  return { StudyInstanceUID: studyUid(all, folder, left), series: groupSeries(all), warnings };
}

/**
 * Whether an image is there already. Some anonymizers count SOPInstanceUIDs anew in each series or give all
 * images one, so that UIDs alone prove nothing.
 * @param known images of the same UIDs and size
 */
async function isCopy({ path, instance }: FileImage, known: readonly FileImage[] = []): Promise<boolean> {
  for (const other of known) {
    if (String(other.instance.ImagePositionPatient) !== String(instance.ImagePositionPatient)) continue;
    const [a, b] = [await firstPixels(path, instance), await firstPixels(other.path, other.instance)];
    if (!a || !b || Array.prototype.every.call(a, (value, n) => value === b[n])) return true;
  }
  return false;
}

/** Stored values of the first frame; null if they cannot be read. */
async function firstPixels(path: string, instance: Dataset): Promise<ArrayLike<number> | null> {
  try {
    return await decodePixels((await readEncodedFrames(path))[0], instance);
  } catch {
    return null;
  }
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

/** Kinds of files left out that a refusal names, each with its first file. */
const MOST_NAMED = 3;

function studyUid(images: readonly FileImage[], folder: string, left: readonly string[]): string {
  const studies = [...new Set(images.map(i => String(i.instance.StudyInstanceUID)))];
  if (studies.length === 0) {
    const why = left.length ? ` Left out ${left.slice(0, MOST_NAMED).join('; ')}.` : '';
    throw new SynthesisError(
      'source-unreadable',
      `There is no DICOM image in ${folder}; name the folder of a study with --study.${why}`,
    );
  }
  if (studies.length > 1) {
    const same = ['PatientID', 'PatientName', 'StudyDate', 'StudyID', 'AccessionNumber'];
    const alike = new Set(images.map(i => JSON.stringify(same.map(k => i.instance[k] ?? '')))).size === 1;
    const shown = [...studies.slice(0, 3), ...(studies.length > 3 ? [`${studies.length - 3} others`] : [])];
    throw new SynthesisError(
      'source-unreadable',
      `The folder ${folder} holds ${studies.length} studies (StudyInstanceUID ${shown.join(' and ')})` +
        (alike
          ? ' with the same patient, StudyDate and StudyID; if an export or anonymizer made several of one, repeat ' +
            'it so that all images keep one StudyInstanceUID, otherwise give the folder of one.'
          : '; give the folder of one.'),
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

/** What was left out, with the first of the files. */
function leftOut(paths: readonly string[], one: string, several = `${one}s`): string[] {
  const [first, ...more] = paths;
  if (first === undefined) return [];
  return [more.length ? `${paths.length} ${several}, the first is ${first}` : `1 ${one}: ${first}`];
}
