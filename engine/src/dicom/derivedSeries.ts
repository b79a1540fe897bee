import { CONTRAST_LABELS, type Contrast } from '../contrast/Contrast';
import type { Volume } from '../volume/Volume';
import { newUid } from './uid';

/** A DICOM dataset by keyword, as dcmjs naturalizes it. */
export type Dataset = Record<string, unknown>;

/** A bundle, down to its last weight: `sha256` is that of its bundle.json. */
export interface BundleName {
  id: string;
  version: string;
  name: string;
  sha256: string;
}

/** How a series came to be; goes into DerivationDescription. */
export interface Derivation {
  target: Contrast;
  /** Contrasts and SeriesInstanceUIDs that were read. */
  sources: readonly { contrast: Contrast; SeriesInstanceUID: string }[];
  bundle: BundleName;
  /** Found the brain. */
  brain: BundleName;
  samples: number;
  seed: number;
  softwareVersion: string;
}

export interface DerivedSeriesInput {
  /** Values in [0, about 1.3], i along columns, j along rows, k one a reference instance. */
  volume: Volume;
  /** Instances of the reference series in the order of k; only patient, study and plane attributes are read. */
  reference: readonly Dataset[];
  /** Free in the study. */
  seriesNumber: number;
  derivation: Derivation;
  now: Date;
}

export const MR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.4';

/** Stored value of 1.0 on the normalized scale, the 99.5 percentile of the brain. */
export const STORED_UNIT = 4096;

/**
 * Copied from the reference: patient, study and frame of reference. No acquisition parameter is among them: nothing
 * was acquired, and a TR or an agent here would be a lie.
 */
const COPIED_FROM_SERIES = [
  'PatientName',
  'PatientID',
  'IssuerOfPatientID',
  'PatientBirthDate',
  'PatientSex',
  'PatientAge',
  'PatientSize',
  'PatientWeight',
  'StudyInstanceUID',
  'StudyDate',
  'StudyTime',
  'StudyID',
  'StudyDescription',
  'AccessionNumber',
  'ReferringPhysicianName',
  'FrameOfReferenceUID',
  'PositionReferenceIndicator',
  'PatientPosition',
] as const;

/** Type 2: present even where the archive's metadata leaves them out. */
const TYPE_2 = Object.fromEntries(
  [
    'PatientName',
    'PatientID',
    'PatientBirthDate',
    'PatientSex',
    'StudyDate',
    'StudyTime',
    'StudyID',
    'AccessionNumber',
    'ReferringPhysicianName',
    'PositionReferenceIndicator',
    'PatientPosition',
    'SliceThickness',
  ].map(keyword => [keyword, '']),
);

/** Copied from each reference image: its plane (PS3.3 C.7.6.2). */
const COPIED_FROM_IMAGE = [
  'Rows',
  'Columns',
  'PixelSpacing',
  'SliceThickness',
  'SpacingBetweenSlices',
  'ImageOrientationPatient',
  'ImagePositionPatient',
] as const;

/**
 * The derived series as MR Image Storage datasets on the reference's grid, one an image, PixelData as OW uint16.
 * Marked by SyntheticData (PS3.3 C.12.1), ImageType, SeriesDescription and DerivationDescription.
 * @throws RangeError when volume and reference differ in size
 */
export function derivedSeries({
  volume,
  reference,
  seriesNumber,
  derivation,
  now,
}: DerivedSeriesInput): Dataset[] {
  const [columns, rows, slices] = volume.dims;
  if (
    reference.length !== slices ||
    reference.some(r => Number(r.Rows) !== rows || Number(r.Columns) !== columns)
  ) {
    throw new RangeError('The synthesized volume does not lie on the reference series.');
  }
  const SeriesInstanceUID = newUid();
  const { date, time } = dicomDateTime(now);
  const description = describe(derivation);
  return reference.map((image, k) => ({
    // The writer encodes UTF-8, whatever the reference was in.
    SpecificCharacterSet: 'ISO_IR 192',
    ...TYPE_2,
    ...pick(reference[0], COPIED_FROM_SERIES),
    ...pick(image, COPIED_FROM_IMAGE),
    SOPClassUID: MR_IMAGE_STORAGE,
    SOPInstanceUID: newUid(),
    SeriesInstanceUID,
    SeriesNumber: seriesNumber,
    InstanceNumber: k + 1,
    Modality: 'MR',
    SeriesDescription: `SYNTHETIC ${CONTRAST_LABELS[derivation.target]} (CDM)`,
    SyntheticData: 'YES',
    ImageType: ['DERIVED', 'SECONDARY', 'OTHER'],
    DerivationDescription: description,
    BodyPartExamined: 'BRAIN',
    Manufacturer: 'ohif-modality-synthesis',
    ManufacturerModelName: derivation.bundle.name,
    SoftwareVersions: derivation.softwareVersion,
    // Type 1 in MR Image (C.8.3.1): "research mode" and none, since no sequence was run.
    ScanningSequence: 'RM',
    SequenceVariant: 'NONE',
    ScanOptions: '',
    MRAcquisitionType: '',
    EchoTime: '',
    RepetitionTime: '',
    EchoTrainLength: '',
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    SeriesDate: date,
    SeriesTime: time,
    ContentDate: date,
    ContentTime: time,
    ContentQualification: 'RESEARCH',
    BurnedInAnnotation: 'NO',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: 'US',
    WindowCenter: STORED_UNIT / 2,
    WindowWidth: STORED_UNIT,
    PixelData: storedSlice(volume, k).buffer,
  }));
}

/** One sentence that says what made the image and out of what. */
function describe({ target, sources, bundle, brain, samples, seed }: Derivation): string {
  const from = sources.map(s => CONTRAST_LABELS[s.contrast]).join(', ');
  return (
    `Synthetic ${CONTRAST_LABELS[target]}, predicted, not measured: CDM, ${named(bundle)}, ` +
    `from ${from}; ${samples} ${samples === 1 ? 'sample' : 'samples'}, seed ${seed}; ` +
    `brain found by ${named(brain)}`
  );
}

/** Id, version and the beginning of the hash. */
function named({ id, version, sha256 }: BundleName): string {
  return `${id} ${version} (sha256 ${sha256.slice(0, 12)})`;
}

function storedSlice({ data, dims }: Volume, k: number): Uint16Array {
  const plane = dims[0] * dims[1];
  return Uint16Array.from(data.subarray(k * plane, (k + 1) * plane), v =>
    Math.min(65535, Math.max(0, Math.round(v * STORED_UNIT))),
  );
}

function pick(dataset: Dataset, keywords: readonly string[]): Dataset {
  return Object.fromEntries(keywords.filter(k => dataset[k] !== undefined).map(k => [k, dataset[k]]));
}

/** DA and TM of a moment in local time, as DICOM wants them. */
function dicomDateTime(now: Date): { date: string; time: string } {
  const two = (n: number) => String(n).padStart(2, '0');
  return {
    date: `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`,
    time: `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`,
  };
}
