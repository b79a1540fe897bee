/**
 * Attributes that recognition reads, by DICOM keyword. Times are in ms. Enhanced multi-frame images have them
 * in their functional groups.
 */
export interface SeriesAttributes {
  SOPClassUID?: string;
  Modality?: string;
  SeriesDescription?: string;
  ProtocolName?: string;
  /** Classic images; the vendor's own code. */
  SequenceName?: string;
  /** Enhanced images, and GE's classic ones. */
  PulseSequenceName?: string;
  ImageType?: readonly string[];
  /** SE, IR, GR, EP, RM */
  ScanningSequence?: readonly string[];
  /** SK, MTC, SS, TRSS, SP, MP, OSP, NONE */
  SequenceVariant?: readonly string[];
  ScanOptions?: readonly string[];
  RepetitionTime?: number;
  EchoTime?: number;
  InversionTime?: number;
  /** degrees */
  FlipAngle?: number;
  EchoTrainLength?: number;
  /** 2D or 3D */
  MRAcquisitionType?: string;
  /** Enhanced images, PS3.3 C.8.13.3.3.1. */
  AcquisitionContrast?: string;
  ContrastBolusAgent?: string;
  /** DICOM TM, HHMMSS.FFFFFF */
  ContrastBolusStartTime?: string;
  /** DICOM TM */
  AcquisitionTime?: string;
  BodyPartExamined?: string;
  /** (0008,001C), PS3.3 C.12.1: YES for images made by a model and all images derived from them. */
  SyntheticData?: string;
  /** ContributingEquipmentSequence has (109100, DCM, "Synthesizing Equipment"), PS3.3 C.12.1.1.5. */
  synthesizingEquipment?: boolean;
}
