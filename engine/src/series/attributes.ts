import type { SeriesAttributes } from '../contrast/SeriesAttributes';
import { type Dataset, items } from '../dicom/Dataset';
import type { Point3 } from '../volume/Volume';
import {
  anatomicRegion,
  contrastAgent,
  scanningSequence,
  sequenceVariant,
  withFunctionalGroups,
} from './enhanced';

/** The attributes recognition reads, out of a classic or enhanced instance by keyword, as dcmjs and OHIF hold it. */
export function seriesAttributes(image: Dataset): SeriesAttributes {
  const instance = withFunctionalGroups(image);
  return {
    SOPClassUID: text(instance.SOPClassUID),
    Modality: text(instance.Modality),
    SeriesDescription: text(instance.SeriesDescription),
    ProtocolName: text(instance.ProtocolName),
    SequenceName: text(instance.SequenceName),
    PulseSequenceName: text(instance.PulseSequenceName),
    ImageType: texts(instance.ImageType),
    ScanningSequence: texts(instance.ScanningSequence) ?? scanningSequence(instance),
    SequenceVariant: texts(instance.SequenceVariant) ?? sequenceVariant(instance),
    ScanOptions: texts(instance.ScanOptions),
    RepetitionTime: number(instance.RepetitionTime),
    EchoTime: number(instance.EchoTime ?? instance.EffectiveEchoTime),
    InversionTime: number(instance.InversionTime ?? instance.InversionTimes),
    FlipAngle: number(instance.FlipAngle),
    EchoTrainLength: number(instance.EchoTrainLength),
    MRAcquisitionType: text(instance.MRAcquisitionType),
    AcquisitionContrast: text(instance.AcquisitionContrast),
    ContrastBolusAgent: text(instance.ContrastBolusAgent) ?? contrastAgent(instance),
    ContrastBolusStartTime: text(instance.ContrastBolusStartTime),
    AcquisitionTime: text(instance.AcquisitionTime),
    BodyPartExamined: text(instance.BodyPartExamined) ?? anatomicRegion(instance),
    // Older dictionaries do not know the keyword and keep the tag.
    SyntheticData: text(instance.SyntheticData ?? instance['0008001C']),
    synthesizingEquipment: items(instance.ContributingEquipmentSequence).some(isSynthesizing) || undefined,
  };
}

/** An item of ContributingEquipmentSequence whose purpose is (109100, DCM, "Synthesizing Equipment"). */
function isSynthesizing({ PurposeOfReferenceCodeSequence }: Dataset): boolean {
  return items(PurposeOfReferenceCodeSequence).some(
    ({ CodeValue, CodingSchemeDesignator }) => CodeValue === '109100' && CodingSchemeDesignator === 'DCM',
  );
}

/** A numeric attribute of `length` values, or null when it is absent or malformed. */
export function numbers(value: unknown, length: number): number[] | null {
  const list = (
    typeof value === 'string' ? value.split('\\') : Array.from((value as ArrayLike<unknown>) ?? [])
  ).map(number);
  return list.length === length && list.every(v => v !== undefined) ? list : null;
}

export function point(value: unknown): Point3 | null {
  return numbers(value, 3) as Point3 | null;
}

export function number(value: unknown): number | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if ((typeof one !== 'string' && typeof one !== 'number') || one === '') return undefined;
  const n = Number(one);
  return Number.isFinite(n) ? n : undefined;
}

/** An attribute of one value as text; undefined when it is absent or no text. */
export function text(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' || typeof first === 'number' ? String(first) : undefined;
}

function texts(value: unknown): string[] | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value.split('\\');
  return Array.isArray(value) ? value.flatMap(one => text(one) ?? []) : undefined;
}
