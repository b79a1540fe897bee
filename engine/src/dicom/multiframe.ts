import { patientAndStudy, pick } from './copiedAttributes';
import { type Dataset, items } from './Dataset';
import { dicomDateTime, newUid } from './derivedSeries';
import { AS_SOURCE, instanceReference, referencedSeries } from './references';

/** What a result says of itself that holds for all that is derived from it. */
const FROM_RESULT = [
  'Manufacturer',
  'ManufacturerModelName',
  'SoftwareVersions',
  'CodingSchemeIdentificationSequence',
  'ContributingEquipmentSequence',
  'DerivationAlgorithmSequence',
  'BodyPartExamined',
  'LossyImageCompressionRatio',
  'LossyImageCompressionMethod',
  'Rows',
  'Columns',
] as const;

/** What is derived from a result, one frame an image of it. */
export interface Derived {
  /** Of the functional groups that all frames share, besides their plane. */
  shared: Dataset;
  /** How the frames were derived (PS3.3 C.7.6.16.2.6). */
  DerivationCodeSequence: readonly Dataset[];
  now: Date;
}

/**
 * What a parametric map and a segmentation of a result have in common: patient, study, provenance, references
 * and multi-frame modules (PS3.3 C.7.6.16, C.7.6.17), without pixels.
 * @param result images of the result in the order of k, as `derivedSeries` makes them; their pixels are not
 *   read
 */
export function multiframe(result: readonly Dataset[], derived: Derived): Dataset {
  const [first] = result;
  const { shared, DerivationCodeSequence, now } = derived;
  const { date, time } = dicomDateTime(now);
  const DimensionOrganizationUID = newUid();
  const { PixelSpacing, SpacingBetweenSlices, ImageOrientationPatient } = first;
  // Type 1 here; 0 is a slice without a thickness.
  const SliceThickness = Number(first.SliceThickness) || Number(SpacingBetweenSlices) || 0;
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    ...patientAndStudy(first),
    ...pick(first, FROM_RESULT),
    SOPInstanceUID: newUid(),
    SeriesInstanceUID: newUid(),
    InstanceNumber: 1,
    // Type 1 of Enhanced General Equipment: what made the result has none but the name of its bundle.
    DeviceSerialNumber: serialNumber(first),
    SyntheticData: 'YES',
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    SeriesDate: date,
    SeriesTime: time,
    ContentDate: date,
    ContentTime: time,
    ContentCreatorName: '',
    ContentQualification: 'RESEARCH',
    BurnedInAnnotation: 'NO',
    LossyImageCompression: first.LossyImageCompression ?? '00',
    // The result alone, which names its sources: OHIF lays a segmentation over the first referenced series
    // that it has read.
    ReferencedSeriesSequence: referencedSeries(
      result.map(image => [image.SeriesInstanceUID, instanceReference(image)] as const),
    ),
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: result.length,
    DimensionOrganizationType: '3D',
    DimensionOrganizationSequence: [{ DimensionOrganizationUID }],
    DimensionIndexSequence: [
      {
        DimensionOrganizationUID,
        DimensionIndexPointer: '00200032',
        FunctionalGroupPointer: '00209113',
        DimensionDescriptionLabel: 'ImagePositionPatient',
      },
    ],
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [
          {
            PixelSpacing,
            SliceThickness,
            ...(SpacingBetweenSlices !== undefined && { SpacingBetweenSlices }),
          },
        ],
        PlaneOrientationSequence: [{ ImageOrientationPatient }],
        ...shared,
      },
    ],
    PerFrameFunctionalGroupsSequence: result.map((image, k) => ({
      FrameContentSequence: [{ StackID: '1', InStackPositionNumber: k + 1, DimensionIndexValues: [k + 1] }],
      PlanePositionSequence: [{ ImagePositionPatient: image.ImagePositionPatient }],
      DerivationImageSequence: [
        {
          DerivationCodeSequence,
          SourceImageSequence: [{ ...instanceReference(image), ...AS_SOURCE }],
        },
      ],
    })),
  };
}

function serialNumber({ DerivationAlgorithmSequence }: Dataset): string {
  const [algorithm] = items(DerivationAlgorithmSequence);
  return `${algorithm?.AlgorithmName ?? 'unknown'} ${algorithm?.AlgorithmVersion ?? ''}`.trim();
}
