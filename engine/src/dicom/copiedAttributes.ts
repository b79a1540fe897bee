import type { Dataset } from './Dataset';

/** Patient and study (PS3.3 C.7.1.1 to C.7.2.2). */
export const PATIENT_AND_STUDY = [
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
] as const;

/** The frame of reference, which an image in a patient's space has too. */
const FRAME_OF_REFERENCE = ['FrameOfReferenceUID', 'PositionReferenceIndicator', 'PatientPosition'] as const;

const empty = (keywords: readonly string[]) => Object.fromEntries(keywords.map(keyword => [keyword, '']));

/** Type 2 of patient and study: present even if the archive's metadata omits them. */
export const TYPE_2_OF_STUDY = empty([
  'PatientName',
  'PatientID',
  'PatientBirthDate',
  'PatientSex',
  'StudyDate',
  'StudyTime',
  'StudyID',
  'AccessionNumber',
  'ReferringPhysicianName',
]);

const TYPE_2_OF_FRAME_OF_REFERENCE = empty(['PositionReferenceIndicator', 'PatientPosition']);

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

/**
 * Attributes that a derived image shares with the reference image in its plane: no acquisition parameters,
 * because nothing was acquired.
 */
export function copiedAttributes(series: Dataset, image: Dataset): Dataset {
  return { ...patientAndStudy(series), SliceThickness: '', ...pick(image, FROM_IMAGE) };
}

/** Patient, study and frame of reference of an image. */
export function patientAndStudy(image: Dataset): Dataset {
  return {
    ...TYPE_2_OF_STUDY,
    ...TYPE_2_OF_FRAME_OF_REFERENCE,
    ...pick(image, [...PATIENT_AND_STUDY, ...FRAME_OF_REFERENCE]),
  };
}

/** Those of these attributes that a dataset has a value of. */
export function pick(dataset: Dataset, keywords: readonly string[]): Dataset {
  return Object.fromEntries(
    keywords.filter(k => (dataset[k] ?? undefined) !== undefined).map(k => [k, dataset[k]]),
  );
}
