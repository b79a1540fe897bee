import { type Dataset, number, numbers, text } from '../dicom/Dataset';
import { describePatient, type Patient, patientOf, samePatient } from '../dicom/patient';
import { planeNormal } from '../dicom/planeNormal';
import type { SeriesAttributes } from '../dicom/seriesAttributes';
import { seriesAttributes } from '../dicom/seriesAttributes';
import { identityOf, message, type Text } from '../messages';
import { type Coverage, coverageOf } from './seriesCoverage';
import { MIN_SLICES } from './slices';
import { splitIntoStacks } from './stacks';

/** A series of a study, or one stack of it, with the attributes that a plan needs. */
export interface StudySeries {
  /** SeriesInstanceUID, followed by the stack's name if the series has several. */
  id: string;
  SeriesInstanceUID: string;
  StudyInstanceUID: string;
  SeriesNumber: number;
  /** Whom its images show: one, unless they contradict each other. */
  patients: readonly Patient[];
  /** SeriesDescription or a replacement, with the stack's name: "T2 (echo 2)". */
  description: Text;
  attributes: SeriesAttributes;
  /** Slices; of a multi-frame image its frames. */
  images: number;
  /** Larger of the two pixel spacings, mm. */
  inPlaneSpacing: number;
  /** |cosine| between slice normal and the patient's foot-head axis; 1 is axial. */
  axiality: number;
  coverage: Coverage | null;
}

/**
 * Splits a series into stacks, after several series under one SeriesInstanceUID; a plan treats each as a
 * series.
 * @param images of one series, frames separated (`framesOf`); at least one
 */
export function describeSeries<T extends { instance: Dataset }>(
  images: readonly T[],
): { series: StudySeries; images: readonly T[] }[] {
  const synthetic = images.some(i => seriesAttributes(i.instance).SyntheticData === 'YES');
  const modalities = [...new Set(images.flatMap(i => seriesAttributes(i.instance).Modality || []))];
  const parts = byName(images);
  return parts.flatMap(splitIntoStacks).map(stack => {
    const series = describeStack(
      stack.images.map(i => i.instance),
      stack.name,
    );
    if (parts.length > 1) series.id += ` ${nameOf(stack.images[0])}`;
    // One image that is synthetic or of another modality concerns the whole series.
    if (synthetic) series.attributes.SyntheticData = 'YES';
    if (modalities.length > 0) series.attributes.Modality = modalities.join('\\');
    return { series, images: stack.images };
  });
}

/** Several series under one SeriesInstanceUID, if at least two that bear different names can be volumes. */
function byName<T extends { instance: Dataset }>(images: readonly T[]): (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const image of images) groups.set(nameOf(image), [...(groups.get(nameOf(image)) ?? []), image]);
  const parts = [...groups.values()];
  return parts.filter(part => part.length >= MIN_SLICES).length > 1 ? parts : [images];
}

function nameOf({ instance: { SeriesNumber, SeriesDescription } }: { instance: Dataset }): string {
  return `${text(SeriesNumber) ?? ''} ${text(SeriesDescription) ?? ''}`;
}

function describeStack(instances: readonly Dataset[], name: Text): StudySeries {
  const [first] = instances;
  const spacing = numbers(first.PixelSpacing, 2);
  const attributes = seriesAttributes(first);
  const SeriesInstanceUID = text(first.SeriesInstanceUID) ?? '';
  const description = attributes.SeriesDescription || message('series/no-description');
  return {
    id: name ? `${SeriesInstanceUID} ${identityOf(name)}` : SeriesInstanceUID,
    SeriesInstanceUID,
    StudyInstanceUID: text(first.StudyInstanceUID) ?? '',
    SeriesNumber: number(first.SeriesNumber) ?? 0,
    patients: patientsOf(instances),
    description: name ? message('series/stack', { series: description, stack: name }) : description,
    attributes,
    images: instances.length,
    inPlaneSpacing: spacing ? Math.max(...spacing) : Number.POSITIVE_INFINITY,
    axiality: Math.abs(planeNormal(numbers(first.ImageOrientationPatient, 6))[2]),
    coverage: coverageOf(instances),
  };
}

function patientsOf(instances: readonly Dataset[]): Patient[] {
  return [...new Map(instances.map(patientOf).map(patient => [JSON.stringify(patient), patient])).values()];
}

/** The first two series that name different patients, or one series that names two; empty if all agree. */
export function differentPatients(series: readonly StudySeries[]): { series: Text; patient: string }[] {
  const named = series.flatMap(one => one.patients.map(patient => ({ series: one.description, patient })));
  const one = named.find(({ patient }) => named.some(other => !samePatient(patient, other.patient)));
  const other = one && named.find(({ patient }) => !samePatient(one.patient, patient));
  const sexes = new Set([one, other].map(named => named?.patient.PatientSex));
  return [one ?? [], other ?? []].flat().map(({ series, patient }) => {
    const sex = sexes.size > 1 ? patient.PatientSex : undefined;
    return { series, patient: [describePatient(patient), sex].filter(Boolean).join(', ') };
  });
}

/** Derived series are listed after the sources. */
const FIRST_DERIVED_NUMBER = 900;

/** SeriesNumber larger than all of the study. */
export function freeSeriesNumber(used: readonly number[]): number {
  return Math.max(FIRST_DERIVED_NUMBER, ...used.filter(Number.isFinite)) + 1;
}
