/** `npm run readers`: reads a derived series with other programs; writes docs/readers.md. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { dciodvfy } from './dciodvfy';
import { dcm2niix } from './dcm2niix';
import { dcmtk } from './dcmtk';
import { ohif } from './ohif';
import { orthanc } from './orthanc';
import { pydicom } from './pydicom';
import type { Reader, Reading } from './Reader';
import { makeSubjects, type Subject } from './subjects';

const READERS: readonly Reader[] = [dcmtk, pydicom, dcm2niix, orthanc, dciodvfy, ohif];
const COLUMNS = [
  'reader',
  'version',
  'columns, rows, slices',
  'stored pixels',
  'PatientName',
  'StudyDescription',
  'SyntheticData',
  'Synthesizing Equipment',
  'record',
  'says',
];

/** Result over all subjects: correct, the wrong ones, or not reported by the reader. */
function verdict<K extends keyof Reading>(
  readings: readonly [Subject, Reading][],
  key: K,
  right: (value: NonNullable<Reading[K]>, subject: Subject) => boolean,
): string {
  const reported = readings.filter(([, reading]) => reading[key] !== undefined);
  if (reported.length === 0) return '–';
  const wrong = reported.filter(
    ([subject, reading]) => !right(reading[key] as NonNullable<Reading[K]>, subject),
  );
  if (wrong.length === 0)
    return reported.length === readings.length
      ? 'right'
      : `right in ${reported.length} of ${readings.length}`;
  return `wrong in ${wrong.map(([{ characterSet }]) => characterSet.name).join(', ')}`;
}

async function row(reader: Reader, subjects: readonly Subject[]): Promise<string[]> {
  const version = reader.version();
  if (!version) return [reader.name, 'absent', ...COLUMNS.slice(2).map(() => '')];
  const readings: [Subject, Reading][] = [];
  for (const subject of subjects) readings.push([subject, await reader.read(subject)]);
  await reader.close?.();
  const size = readings[0][1].size?.join(', ') ?? '–';
  const says = [...new Set(readings.flatMap(([, { errors }]) => errors ?? []))];
  return [
    reader.name,
    version,
    size,
    verdict(readings, 'stored', (stored, subject) =>
      isDeepStrictEqual([...Array.from(stored)], [...subject.stored]),
    ),
    verdict(readings, 'PatientName', (name, { characterSet }) => name === characterSet.PatientName),
    verdict(readings, 'StudyDescription', (text, { characterSet }) => text === characterSet.StudyDescription),
    verdict(readings, 'SyntheticData', value => value === 'YES'),
    verdict(readings, 'synthesizingEquipment', value => value),
    verdict(readings, 'record', (record, { derivation }) => isDeepStrictEqual(record, derivation)),
    says.map(line => line.replaceAll('|', '/')).join('; ') || 'nothing',
  ];
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'readers-'));
  try {
    const subjects = await makeSubjects(folder);
    const lines = [];
    for (const reader of READERS) lines.push(await row(reader, subjects));
    const cells = (line: readonly string[]) => `| ${line.join(' | ')} |`;
    const [first] = subjects;
    const page = [
      '# What other readers make of the files',
      '',
      `\`npm run readers\`: a derived series of ${first.files.length} images beside each of ${subjects.length} studies whose names stand in`,
      `${subjects.map(s => s.characterSet.name).join(', ')}. "Right" is: the same as was written, in all of them; "–": the`,
      'program does not tell. The record is that of the job, in AlgorithmParameters.',
      '',
      cells(COLUMNS),
      cells(COLUMNS.map(() => '---')),
      ...lines.map(cells),
      '',
      'The error of dciodvfy is the one we allow: SyntheticData is younger than this release of it. What dcm2niix says is true: the manufacturer is none whose scanners it knows.',
      '',
    ].join('\n');
    await writeFile(path.resolve(import.meta.dirname, '../../docs/readers.md'), page);
    console.log(page);
  } finally {
    await rm(folder, { recursive: true });
  }
}

await main();
