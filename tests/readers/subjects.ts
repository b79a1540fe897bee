import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type Dataset,
  type Derivation,
  domainOf,
  type RoleId,
  type SourceRecord,
  type StudySeries,
  sortSlices,
  type Volume,
  writePart10,
} from '@modality-synthesis/engine';
import { readStudy, readVolume } from '@modality-synthesis/engine/node';
import { writePhantomStudy } from '@modality-synthesis/engine/testing/phantomStudy';
import { derivedSeries } from '../../engine/src/dicom/derivedSeries';
import { sha256 } from '../../engine/src/sha256';
import { CHARACTER_SETS, type CharacterSet, encodeNames, placeholders } from './characterSets';

/** A derived series on disk, from sources with names in one of the character sets. */
export interface Subject {
  characterSet: CharacterSet;
  folder: string;
  files: string[];
  /** The datasets of the files. */
  datasets: Dataset[];
  derivation: Derivation;
  /** Stored values slice by slice. */
  stored: Uint16Array;
}

/** One source says that it was compressed lossily. */
const LOSSY = {
  LossyImageCompression: '01',
  LossyImageCompressionRatio: 7.5,
  LossyImageCompressionMethod: 'ISO_15444_1',
};

const SIZE = { columns: 24, rows: 20, slices: 10 };

/** One subject per character set: writes sources, reads them as the command line does, derives a series. */
export async function makeSubjects(folder: string): Promise<Subject[]> {
  return Promise.all(CHARACTER_SETS.map((characterSet, n) => makeSubject(folder, characterSet, n)));
}

async function makeSubject(root: string, characterSet: CharacterSet, n: number): Promise<Subject> {
  const study = path.join(root, `study-${n}`);
  const { columns, rows, slices } = SIZE;
  await writePhantomStudy(study, {
    number: 60 + n,
    series: (['t1', 'flair'] as const).map(role => ({
      role,
      dims: [columns, rows, slices],
      spacing: [9, 10, 15],
      tilt: 4,
      attributes: {
        ...placeholders(characterSet),
        ContrastBolusAgent: 'Gadovist',
        InversionTime: 901.5,
        ...(role === 'flair' && LOSSY),
      },
    })),
  });
  await encodeNames(study, characterSet);
  const [t1, flair] = (await readStudy(study)).series;
  const derivation: Derivation = {
    domain: 'brain-mr',
    target: 't1ce',
    sources: [
      await recordOf('t1', t1, await readVolume(t1, () => {})),
      await recordOf('flair', flair, await readVolume(flair, () => {})),
    ],
    reference: 't1',
    registration: [{ role: 'flair', millimetres: 1.25, degrees: 0.5, transform: IDENTITY }],
    bundle: { id: 'readers', version: '0.0.1', name: 'Readers', sha256: 'ab'.repeat(32) },
    region: { id: 'brain', version: '0.0.1', name: 'Brain', sha256: 'cd'.repeat(32) },
    method: { id: 'cdm', options: {} },
    seed: 17,
    runtime: 'onnxruntime-node',
    provider: 'cpu',
    precision: 'fp32',
    softwareVersion: '0.1.0',
  };
  // All stored values differ, so that a wrong order of images or rows is detected.
  const stored = Uint16Array.from({ length: columns * rows * slices }, (_, i) => i);
  const datasets = derivedSeries(domainOf(), {
    stored,
    window: { WindowCenter: 2048, WindowWidth: 4096 },
    reference: sortSlices(t1.files, 'T1').slices.map(s => s.instance),
    sources: new Map([
      ['t1', t1.files.map(f => f.instance)],
      ['flair', flair.files.map(f => f.instance)],
    ]),
    seriesNumber: 901,
    derivation,
    now: new Date(),
  });
  const folder = path.join(root, `derived-${n}`);
  await mkdir(folder);
  const files = datasets.map((_, k) => path.join(folder, `IM${String(k + 1).padStart(4, '0')}.dcm`));
  for (const [k, file] of files.entries()) await writeFile(file, Buffer.from(writePart10(datasets[k])));
  return { characterSet, folder, files, datasets, derivation, stored };
}

async function recordOf(
  role: RoleId,
  { SeriesInstanceUID, images }: StudySeries,
  { data }: Volume,
): Promise<SourceRecord> {
  return { role, SeriesInstanceUID, images, sha256: await sha256(new Uint8Array(data.buffer)) };
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
