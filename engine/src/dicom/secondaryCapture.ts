import { PATIENT_AND_STUDY, pick, TYPE_2_OF_STUDY } from './copiedAttributes';
import type { Dataset } from './Dataset';
import { dicomDateTime, newUid } from './derivedSeries';
import { MANUFACTURER } from './provenance';
import { instanceReference } from './references';

/** A picture as a canvas has it: 4 bytes a pixel (red, green, blue, alpha), row by row. */
export interface Page {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

export interface SecondaryCaptureInput {
  pages: readonly Page[];
  /** Images of the derived series that the pages show; the first gives patient, study and equipment. */
  images: readonly Dataset[];
  /** Unused in the study. */
  seriesNumber: number;
  description: string;
  now: Date;
}

/**
 * Pages about a derived series as one series of Secondary Capture Images (PS3.3 A.8.1), PixelData OW, RGB.
 * They show synthetic pixels and say so as the derived series does. SourceImageSequence lists these images.
 */
export function secondaryCapture({
  pages,
  images,
  seriesNumber,
  description,
  now,
}: SecondaryCaptureInput): Dataset[] {
  const [first] = images;
  const SeriesInstanceUID = newUid();
  const { date, time } = dicomDateTime(now);
  const SourceImageSequence = images.map(instanceReference);
  return pages.map(({ width, height, data }, n) => ({
    SpecificCharacterSet: 'ISO_IR 192',
    ...TYPE_2_OF_STUDY,
    ...pick(first, PATIENT_AND_STUDY),
    ...pick(first, [
      'BodyPartExamined',
      'ManufacturerModelName',
      'SoftwareVersions',
      'ContributingEquipmentSequence',
    ]),
    Manufacturer: MANUFACTURER,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
    SOPInstanceUID: newUid(),
    Modality: 'OT',
    SeriesInstanceUID,
    SeriesNumber: seriesNumber,
    InstanceNumber: n + 1,
    SeriesDescription: description,
    SyntheticData: 'YES',
    ConversionType: 'WSD',
    ImageType: ['DERIVED', 'SECONDARY', 'OTHER'],
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    SeriesDate: date,
    SeriesTime: time,
    ContentDate: date,
    ContentTime: time,
    PatientOrientation: '',
    BurnedInAnnotation: 'YES',
    SourceImageSequence,
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    Rows: height,
    Columns: width,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: rgb(data).buffer,
  }));
}

/** Without alpha; padded to an even length (PS3.5 8.1.1). */
function rgb(data: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const pixels = data.length / 4;
  const out = new Uint8Array(3 * pixels + ((3 * pixels) % 2));
  for (let i = 0; i < pixels; i++) out.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return out;
}
