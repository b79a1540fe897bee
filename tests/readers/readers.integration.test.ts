import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type Dataset,
  framesOf,
  isSynthetic,
  seriesAttributes,
  writePart10,
} from '@modality-synthesis/engine';
import { enhanced } from '@modality-synthesis/engine/testing/enhanced';
import { findOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUid } from '../../engine/src/dicom/derivedSeries';
import { planeReference, sourceReferences } from '../../engine/src/dicom/references';
import { secondaryCapture } from '../../engine/src/dicom/secondaryCapture';
import { CHARACTER_SETS } from './characterSets';
import { dciodvfy, isSyntheticDataLine } from './dciodvfy';
import { dcm2niix } from './dcm2niix';
import { dcmtk } from './dcmtk';
import { instancesOf, orthanc } from './orthanc';
import { pydicom, pydicomAttributes } from './pydicom';
import { makeSubjects, type Subject } from './subjects';

const ENHANCED_MR = '1.2.840.10008.5.1.4.1.1.4.1';

let root: string;
let subjects: Subject[];

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'readers-test-'));
  subjects = await makeSubjects(root);
});
afterAll(() => rm(root, { recursive: true }));

const cases = CHARACTER_SETS.map(({ name }, n) => [name, n] as const);

describe.each([dcmtk, pydicom, orthanc])('$name', reader => {
  afterAll(() => reader.close?.());
  it.skipIf(!reader.version()).each(cases)('reads a series from a study in %s', async (_, n) => {
    const subject = subjects[n];
    const { characterSet, derivation, stored } = subject;
    const { stored: read, ...reading } = await reader.read(subject);
    expect(reading).toEqual({
      PatientName: characterSet.PatientName,
      StudyDescription: characterSet.StudyDescription,
      SyntheticData: 'YES',
      synthesizingEquipment: true,
      record: derivation,
      size: [24, 20, 10],
      errors: [],
    });
    expect([...Array.from(read!)]).toEqual([...stored]);
  });
});

describe('dcm2niix', () => {
  it.skipIf(!dcm2niix.version()).each(cases)('converts a series from a study in %s', async (_, n) => {
    const { size, stored, errors } = await dcm2niix.read(subjects[n]);
    expect(errors).toEqual([expect.stringContaining('Unable to determine manufacturer')]);
    expect(size).toEqual([24, 20, 10]);
    expect([...Array.from(stored!)]).toEqual([...subjects[n].stored]);
  });
});

describe('dciodvfy', () => {
  it.skipIf(!dciodvfy.version()).each(cases)(
    'has nothing against a series from a study in %s but SyntheticData, which it does not know',
    async (_, n) => {
      const { errors } = await dciodvfy.read(subjects[n]);
      expect(errors!.filter(line => !isSyntheticDataLine(line))).toEqual([]);
      expect(errors).toHaveLength(1);
    },
  );
});

describe('a series made from a lossy source and from some frames of a multi-frame one', () => {
  const made = async (): Promise<Subject> => {
    const [subject] = subjects;
    const [frame] = subject.datasets;
    const frames = framesOf(enhanced(subject.datasets.map(d => ({ ...d, EchoTime: 10 }))));
    const references = sourceReferences(frames.slice(2, 5));
    const file = path.join(root, 'frames.dcm');
    await writeFile(
      file,
      Buffer.from(writePart10({ ...frame, ...references, ...planeReference(frames[3]) })),
    );
    return { ...subject, files: [file] };
  };

  it.skipIf(!dciodvfy.version())('has nothing that dciodvfy objects to', async () => {
    const { errors } = await dciodvfy.read(await made());
    expect(errors!.filter(line => !isSyntheticDataLine(line))).toEqual([]);
  });

  it.skipIf(!pydicom.version())('says so to pydicom', async () => {
    const { files } = await made();
    expect(
      pydicomAttributes(files[0], [
        'LossyImageCompression',
        'LossyImageCompressionRatio',
        'LossyImageCompressionMethod',
        'SourceImageSequence[0].ReferencedFrameNumber',
        'SourceImageSequence[0].ReferencedSOPClassUID',
        'ReferencedImageSequence[0].ReferencedFrameNumber',
        'ReferencedSeriesSequence[0].ReferencedInstanceSequence[0].ReferencedSOPClassUID',
      ]),
    ).toEqual(['01', 7.5, 'ISO_15444_1', [3, 4, 5], ENHANCED_MR, 4, ENHANCED_MR]);
  });
});

describe('a report', () => {
  const made = async (): Promise<Subject> => {
    const [subject] = subjects;
    const page = { width: 3, height: 5, data: new Uint8ClampedArray(60) };
    const [dataset] = secondaryCapture({
      pages: [page],
      images: subject.datasets.slice(0, 2),
      seriesNumber: 902,
      description: 'SYNTHETIC T1 post-contrast (CDM) report',
      now: new Date(),
    });
    const file = path.join(root, 'report.dcm');
    await writeFile(file, Buffer.from(writePart10(dataset)));
    return { ...subject, files: [file] };
  };

  it.skipIf(!dciodvfy.version())('has nothing that dciodvfy objects to', async () => {
    const { errors } = await dciodvfy.read(await made());
    expect(errors!.filter(line => !isSyntheticDataLine(line))).toEqual([]);
  });

  it.skipIf(!pydicom.version())('is a picture of the patient to pydicom', async () => {
    const { files, datasets } = await made();
    expect(
      pydicomAttributes(files[0], ['PatientID', 'Modality', 'Rows', 'Columns', 'PhotometricInterpretation']),
    ).toEqual([datasets[0].PatientID, 'OT', 5, 3, 'RGB']);
  });
});

describe('somebody else’s synthetic series', () => {
  it.skipIf(!findOrthanc())('is recognized by its tags after a PACS', async () => {
    const [ours] = subjects[0].datasets;
    const { SyntheticData, ContributingEquipmentSequence } = ours;
    const acquired = ['ORIGINAL', 'PRIMARY', 'M'];
    const foreign: [InstanceNumber: number, synthetic: boolean, tags: Dataset][] = [
      [1, true, { SyntheticData }],
      [2, true, { ContributingEquipmentSequence }],
      [3, true, { ImageType: ['DERIVED', 'SECONDARY', 'SYNTHETIC'] }],
      [4, false, {}],
      [5, false, { SyntheticData: 'NO', ImageType: ['DERIVED', 'SECONDARY', 'OTHER'] }],
    ];
    const study = newUid();
    const bare = Object.fromEntries(
      Object.entries(ours).filter(
        ([keyword]) =>
          !/^(Derivation|ContributingEquipment|Source|Referenced|CodingScheme|SyntheticData)/.test(keyword),
      ),
    );
    const running = await startOrthanc(findOrthanc()!);
    try {
      for (const [InstanceNumber, , tags] of foreign) {
        const dataset = {
          ...bare,
          StudyInstanceUID: study,
          SeriesInstanceUID: newUid(),
          SOPInstanceUID: newUid(),
          SeriesDescription: 'AX T1 from elsewhere',
          ImageType: acquired,
          InstanceNumber,
          ...tags,
        };
        const response = await fetch(`${running.url}/instances`, {
          method: 'POST',
          body: writePart10(dataset),
        });
        expect(response.ok).toBe(true);
      }
      const read = await instancesOf(running, study);
      expect(read.map(image => isSynthetic(seriesAttributes(image)))).toEqual(foreign.map(([, yes]) => yes));
    } finally {
      await running.close();
    }
  });
});
