import type { Dataset } from './Dataset';

/**
 * Copied from the reference: patient, study and frame of reference; no acquisition parameters, because
 * nothing was acquired.
 */
const FROM_SERIES = [
  'PatientName',
  'PatientID',
  'IssuerOfPatientID',
  'PatientBirthDate',
  'PatientSex',
  'PatientAge',
  'PatientSize',
  'PatientWeight',
  'PatientIdentityRemoved',
  'DeidentificationMethod',
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

/** Type 2: present even if the archive's metadata omits them. */
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
const FROM_IMAGE = [
  'Rows',
  'Columns',
  'PixelSpacing',
  'SliceThickness',
  'SpacingBetweenSlices',
  'ImageOrientationPatient',
  'ImagePositionPatient',
] as const;

/** Attributes that a derived image shares with the reference image in its plane. */
export function copiedAttributes(series: Dataset, image: Dataset): Dataset {
  return { ...TYPE_2, ...pick(series, FROM_SERIES), ...pick(image, FROM_IMAGE) };
}

function pick(dataset: Dataset, keywords: readonly string[]): Dataset {
  return Object.fromEntries(keywords.filter(k => dataset[k] !== undefined).map(k => [k, dataset[k]]));
}
