import type { Dataset } from '../dicom/Dataset';
import { derivedSeries, newUid } from '../dicom/derivedSeries';
import type { Derivation } from '../dicom/record';
import { domainOf } from '../domains';
import type { RoleId } from '../domains/Role';
import type { JobPlan } from '../series/plan';
import { freeSeriesNumber, type StudySeries } from '../series/StudySeries';
import { sortSlices } from '../series/slices';
import type { StudyPort } from './Job';
import { NOT_COMPARED, type RemadeSource } from './remakeSources';

/** First word of the SeriesDescription of everything that only a check made. */
export const CHECK = 'CHECK';

const DIFFERENCE = `${CHECK}: difference`;

/** Whether an image is of a self-check. */
export function isCheck({ SeriesDescription }: Dataset): boolean {
  return String(SeriesDescription).startsWith(`${CHECK}: `);
}

/** Whether an image is the difference of a self-check. */
export function isCheckDifference({ SeriesDescription }: Dataset): boolean {
  return String(SeriesDescription).startsWith(DIFFERENCE);
}

/** Difference at which the colours end, % of the acquired image's range: the same for every patient. */
export const DIFFERENCE_LIMIT = 30;

/** What a self-check shows of one source. Both are synthetic in every way, and never stored. */
export interface CheckSeries {
  /** The source made again. */
  remade: readonly Dataset[];
  /** Made again minus acquired, in colours. */
  difference: readonly Dataset[];
}

/**
 * Derives the two series of a source on the slices of the job's reference.
 * @param made record of the job that was checked
 * @param taken SeriesNumbers of the study
 */
export function selfCheckSeries<S extends StudySeries>(
  plan: JobPlan<S>,
  made: Derivation,
  { role, sources, stored, window, difference }: RemadeSource,
  study: Pick<StudyPort<S>, 'images'>,
  taken: readonly number[],
): CheckSeries {
  const domain = domainOf(made.domain);
  const reference = plan.sources.get(plan.reference)!;
  const { slices } = sortSlices(study.images(reference), reference.description);
  const { check: _, parameters: __, ...derivation } = made;
  const images = (source: RoleId) => study.images(plan.sources.get(source)!).map(({ instance }) => instance);
  const seriesNumber = freeSeriesNumber(taken);
  const remade = derivedSeries(domain, {
    stored,
    window,
    reference: slices.map(({ instance }) => instance),
    sources: new Map(sources.map(source => [source, images(source)])),
    seriesNumber,
    derivation: {
      ...derivation,
      target: role,
      sources: made.sources.filter(source => source.role !== role),
    },
    now: new Date(),
  }).map(dataset => ({ ...dataset, SeriesDescription: `${CHECK}: ${dataset.SeriesDescription}` }));
  return { remade, difference: coloured(remade, difference, seriesNumber + 1) };
}

/** The series again, with a difference in colours in place of its pixels. */
function coloured(series: readonly Dataset[], difference: Int8Array, SeriesNumber: number): Dataset[] {
  const plane = difference.length / series.length;
  const SeriesInstanceUID = newUid();
  return series.map(({ WindowCenter: _, WindowWidth: __, ...image }, k) => ({
    ...image,
    SOPInstanceUID: newUid(),
    SeriesInstanceUID,
    SeriesNumber,
    SeriesDescription: `${DIFFERENCE}, ${String(image.SeriesDescription).replace(`${CHECK}: `, '')}`,
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelData: colours(difference.subarray(k * plane, (k + 1) * plane)),
  }));
}

/**
 * Blue where it was made darker than acquired, red where brighter, white where equal (matplotlib's map
 * "bwr"), black where nothing was compared. RGB, three bytes a pixel, of an even number altogether.
 */
function colours(difference: Int8Array): ArrayBuffer {
  const rgb = new Uint8Array(3 * difference.length + ((3 * difference.length) % 2));
  for (let i = 0; i < difference.length; i++) {
    if (difference[i] !== NOT_COMPARED) rgb.set(differenceColour(difference[i]), 3 * i);
  }
  return rgb.buffer;
}

/** @param percent of the acquired image's range */
export function differenceColour(percent: number): [number, number, number] {
  const strength = Math.min(1, Math.abs(percent) / DIFFERENCE_LIMIT);
  const faded = Math.round(255 * (1 - strength));
  return percent < 0 ? [faded, faded, 255] : [255, faded, faded];
}
