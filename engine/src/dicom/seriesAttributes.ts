import { complexComponent } from './complexComponent';
import { anyNumbers, type Dataset, items, number, text, texts } from './Dataset';
import {
  anatomicRegion,
  contrastAgent,
  contrastProfile,
  scanningSequence,
  sequenceVariant,
  withFunctionalGroups,
} from './enhanced';
import { inversionTime } from './inversionTime';

/**
 * Attributes that recognition reads, by DICOM keyword. Times are in ms. Enhanced multi-frame images have them
 * in their functional groups.
 */
export interface SeriesAttributes {
  SOPClassUID?: string;
  /** Of a series with images of several modalities all of them, separated by backslashes. */
  Modality?: string;
  SeriesDescription?: string;
  ProtocolName?: string;
  /** Classic images; the vendor's own code. */
  SequenceName?: string;
  /** Enhanced images, and GE's classic ones. */
  PulseSequenceName?: string;
  ImageType?: readonly string[];
  /** MAGNITUDE, PHASE, REAL, IMAGINARY or MIXED; of classic images by GE's private element. */
  ComplexImageComponent?: string;
  /** SE, IR, GR, EP, RM */
  ScanningSequence?: readonly string[];
  /** SK, MTC, SS, TRSS, SP, MP, OSP, NONE */
  SequenceVariant?: readonly string[];
  ScanOptions?: readonly string[];
  RepetitionTime?: number;
  EchoTime?: number;
  InversionTime?: number;
  /** T */
  MagneticFieldStrength?: number;
  /** degrees */
  FlipAngle?: number;
  EchoTrainLength?: number;
  /** 2D or 3D */
  MRAcquisitionType?: string;
  /** Enhanced images, PS3.3 C.8.13.3.3.1. */
  AcquisitionContrast?: string;
  ContrastBolusAgent?: string;
  /** mL, of diluted agent */
  ContrastBolusVolume?: number;
  /** mL, of undiluted agent */
  ContrastBolusTotalDose?: number;
  /** mL a second, a value for each part of the injection */
  ContrastFlowRate?: readonly number[];
  /** seconds, likewise */
  ContrastFlowDuration?: readonly number[];
  /** kg */
  PatientWeight?: number;
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

/** Attributes for recognition, from a classic or enhanced instance by keyword, as in dcmjs and OHIF. */
export function seriesAttributes(image: Dataset): SeriesAttributes {
  const instance = withFunctionalGroups(image);
  const profile = contrastProfile(instance);
  return {
    SOPClassUID: text(instance.SOPClassUID),
    Modality: text(instance.Modality),
    SeriesDescription: text(instance.SeriesDescription),
    ProtocolName: text(instance.ProtocolName),
    SequenceName: text(instance.SequenceName),
    PulseSequenceName: text(instance.PulseSequenceName),
    ImageType: texts(instance.ImageType),
    ComplexImageComponent: complexComponent(instance),
    ScanningSequence: texts(instance.ScanningSequence) ?? scanningSequence(instance),
    SequenceVariant: texts(instance.SequenceVariant) ?? sequenceVariant(instance),
    ScanOptions: texts(instance.ScanOptions),
    RepetitionTime: number(instance.RepetitionTime),
    EchoTime: number(instance.EchoTime ?? instance.EffectiveEchoTime),
    InversionTime: inversionTime(instance),
    MagneticFieldStrength: number(instance.MagneticFieldStrength),
    FlipAngle: number(instance.FlipAngle),
    EchoTrainLength: number(instance.EchoTrainLength),
    MRAcquisitionType: text(instance.MRAcquisitionType),
    AcquisitionContrast: text(instance.AcquisitionContrast),
    ContrastBolusAgent: text(instance.ContrastBolusAgent) ?? contrastAgent(instance),
    ContrastBolusVolume: number(instance.ContrastBolusVolume) ?? profile.volume,
    ContrastBolusTotalDose: number(instance.ContrastBolusTotalDose),
    ContrastFlowRate: anyNumbers(instance.ContrastFlowRate) ?? profile.rates ?? undefined,
    ContrastFlowDuration: anyNumbers(instance.ContrastFlowDuration) ?? profile.durations ?? undefined,
    PatientWeight: number(instance.PatientWeight),
    ContrastBolusStartTime: text(instance.ContrastBolusStartTime),
    AcquisitionTime: text(instance.AcquisitionTime),
    BodyPartExamined: text(instance.BodyPartExamined) ?? anatomicRegion(instance),
    // Older dictionaries do not know the keyword and keep the tag.
    SyntheticData: text(instance.SyntheticData ?? instance['0008001C']),
    synthesizingEquipment: synthesizingEquipment(instance) !== undefined || undefined,
  };
}

/** Purpose of equipment that synthesized an image instead of acquiring it (PS3.16 CID 7005). */
export const SYNTHESIZING_EQUIPMENT = {
  CodeValue: '109100',
  CodingSchemeDesignator: 'DCM',
  CodeMeaning: 'Synthesizing Equipment',
};

/** The item of ContributingEquipmentSequence that synthesized the image, if any did. */
export function synthesizingEquipment({ ContributingEquipmentSequence }: Dataset): Dataset | undefined {
  return items(ContributingEquipmentSequence).find(({ PurposeOfReferenceCodeSequence }) =>
    items(PurposeOfReferenceCodeSequence).some(
      ({ CodeValue, CodingSchemeDesignator }) =>
        CodeValue === SYNTHESIZING_EQUIPMENT.CodeValue &&
        CodingSchemeDesignator === SYNTHESIZING_EQUIPMENT.CodingSchemeDesignator,
    ),
  );
}
