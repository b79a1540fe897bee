/** The attributes of a series that recognition reads, by DICOM keyword; absent ones are left out. */
export interface SeriesAttributes {
  Modality?: string;
  SeriesDescription?: string;
  ProtocolName?: string;
  ImageType?: readonly string[];
  ContrastBolusAgent?: string;
  /** ms */
  RepetitionTime?: number;
  /** ms */
  EchoTime?: number;
  /** ms */
  InversionTime?: number;
  /** (0008,001C), PS3.3 C.12.1: YES for images made by a model, and for whatever derives from such images. */
  SyntheticData?: string;
  /** Whether ContributingEquipmentSequence has a (109100, DCM, "Synthesizing Equipment"), PS3.3 C.12.1.1.5. */
  synthesizingEquipment?: boolean;
}
