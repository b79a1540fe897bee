import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Dataset } from '../dicom/Dataset';
import { writePart10 } from '../dicom/writePart10';
import type { RoleId } from '../domains/Role';
import type { Point3 } from '../volume/Volume';

/**
 * Values of air, scalp, skull, CSF, grey and white matter; chosen, not measured: this phantom tests
 * mechanics only.
 */
const TISSUES: Record<RoleId, readonly number[]> = {
  t1: [0, 900, 40, 150, 420, 600],
  t1ce: [0, 930, 60, 170, 460, 620],
  t2: [0, 700, 40, 1000, 480, 380],
  flair: [0, 500, 40, 100, 520, 420],
};

const DESCRIPTIONS: Record<RoleId, string> = {
  t1: 'AX T1',
  t1ce: 'AX T1 POST GD',
  t2: 'AX T2',
  flair: 'AX T2 FLAIR',
};

export interface PhantomSeries {
  role: RoleId;
  /** Columns, rows, slices. */
  dims: Point3;
  /** mm along columns, rows, slices. */
  spacing: Point3;
  /** Rotation of the slices about the left-right axis, degrees. */
  tilt?: number;
  /**
   * How far the head moved before this series, mm to the left, the back and the head; its header does not
   * know.
   */
  moved?: Point3;
  /** Overrides and additions, by keyword. */
  attributes?: Dataset;
}

export interface PhantomStudy {
  /** Distinguishes studies: UIDs and patient name derive from it. */
  number: number;
  series: readonly PhantomSeries[];
}

/** A head as three clinical series on three different matrices, T1ce missing. */
export const threeSeries: readonly PhantomSeries[] = [
  { role: 't1', dims: [90, 110, 36], spacing: [2, 2, 4.5] },
  { role: 't2', dims: [98, 118, 33], spacing: [1.8, 1.8, 5], tilt: 4 },
  { role: 'flair', dims: [94, 114, 36], spacing: [1.9, 1.9, 4.5] },
];

/** T1 and T2 of the same head with fewer slices, for jobs whose images do not matter. */
export const twoSeries: readonly PhantomSeries[] = [
  { role: 't1', dims: [90, 110, 28], spacing: [2, 2, 6] },
  { role: 't2', dims: [98, 118, 28], spacing: [1.8, 1.8, 6], tilt: 4 },
];

/** StudyInstanceUID of the phantom study with this number. */
export const studyUid = (number: number) => `1.2.826.0.1.3680043.8.498.77.${number}`;

/** A geometric head as DICOM datasets, one an image, by series. */
export function phantomDatasets({ number, series }: PhantomStudy): Dataset[][] {
  const root = studyUid(number);
  return series.map((one, s) =>
    phantomSeries(one, {
      SpecificCharacterSet: 'ISO_IR 192',
      PatientName: `PHANTOM^${number}`,
      PatientID: `PHANTOM-${number}`,
      PatientBirthDate: '',
      PatientSex: 'O',
      StudyInstanceUID: root,
      StudyDate: '20260101',
      StudyTime: '120000',
      StudyID: '1',
      StudyDescription: `Phantom ${number}`,
      AccessionNumber: '',
      ReferringPhysicianName: '',
      FrameOfReferenceUID: `${root}.1`,
      SeriesInstanceUID: `${root}.${s + 2}`,
      SeriesNumber: s + 1,
    }),
  );
}

/** Writes datasets as files; returns their paths. */
export async function writeDatasets(folder: string, datasets: readonly Dataset[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const paths = datasets.map((_, k) => path.join(folder, `IM${String(k).padStart(4, '0')}.dcm`));
  for (const [k, dataset] of datasets.entries()) await writeFile(paths[k], Buffer.from(writePart10(dataset)));
  return paths;
}

/**
 * Writes a geometric head as DICOM files into `folder`, one subfolder a series; returns the
 * StudyInstanceUID.
 */
export async function writePhantomStudy(folder: string, study: PhantomStudy): Promise<string> {
  const datasets = phantomDatasets(study);
  for (const [s, { role }] of study.series.entries()) {
    await writeDatasets(path.join(folder, `${s + 1}_${role}`), datasets[s]);
  }
  return studyUid(study.number);
}

/** Where the centre of a voxel lies, LPS mm. */
export function phantomPoint({ dims, spacing, tilt = 0 }: PhantomSeries, index: Point3): Point3 {
  const angle = (tilt * Math.PI) / 180;
  const [x, y, z] = index.map((v, r) => (v - (dims[r] - 1) / 2) * spacing[r]);
  return [x, y * Math.cos(angle) + z * Math.sin(angle), z * Math.cos(angle) - y * Math.sin(angle)];
}

/** Stored value at a point in LPS mm. */
export function phantomValue({ role, moved = [0, 0, 0] }: PhantomSeries, [x, y, z]: Point3): number {
  return TISSUES[role][tissueAt([x - moved[0], y - moved[1], z - moved[2]])];
}

function phantomSeries(one: PhantomSeries, common: Dataset): Dataset[] {
  const { role, dims, spacing, tilt = 0, attributes } = one;
  const [columns, rows, slices] = dims;
  const angle = (tilt * Math.PI) / 180;
  const down: Point3 = [0, Math.cos(angle), -Math.sin(angle)];
  return Array.from({ length: slices }, (_, k) => {
    const pixels = new Uint16Array(columns * rows);
    for (let j = 0; j < rows; j++) {
      for (let i = 0; i < columns; i++)
        pixels[i + columns * j] = phantomValue(one, phantomPoint(one, [i, j, k]));
    }
    return {
      ...common,
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
      SOPInstanceUID: `${common.SeriesInstanceUID}.${k + 1}`,
      InstanceNumber: k + 1,
      Modality: 'MR',
      ImageType: ['ORIGINAL', 'PRIMARY', 'M'],
      Manufacturer: 'PHANTOM',
      SeriesDescription: DESCRIPTIONS[role],
      BodyPartExamined: 'BRAIN',
      ScanningSequence: 'SE',
      SequenceVariant: 'NONE',
      RepetitionTime: 1234,
      EchoTime: 56,
      Rows: rows,
      Columns: columns,
      PixelSpacing: [spacing[1], spacing[0]],
      SliceThickness: spacing[2],
      ImageOrientationPatient: [1, 0, 0, ...down].map(v => v.toFixed(9)),
      ImagePositionPatient: phantomPoint(one, [0, 0, k]).map(v => v.toFixed(6)),
      SamplesPerPixel: 1,
      PhotometricInterpretation: 'MONOCHROME2',
      BitsAllocated: 16,
      BitsStored: 16,
      HighBit: 15,
      PixelRepresentation: 0,
      WindowCenter: 500,
      WindowWidth: 1000,
      ...attributes,
      PixelData: pixels.buffer,
    };
  });
}

/** Index into TISSUES of a point in LPS mm: nested ellipsoids with two ventricles. */
function tissueAt([x, y, z]: Point3): number {
  const r = Math.hypot(x / 78, y / 95, z / 80);
  if (r > 1) return 0;
  if (r > 0.92) return 1;
  if (r > 0.84) return 2;
  if (r > 0.79) return 3;
  if (Math.hypot((Math.abs(x) - 12) / 8, (y + 5) / 30, (z - 8) / 14) < 1) return 3;
  return r > 0.66 || Math.hypot((Math.abs(x) - 26) / 10, y / 14, z / 12) < 1 ? 4 : 5;
}
