import type { SeriesAttributes } from '../contrast/SeriesAttributes';
import { type Dataset, number, numbers, text } from '../dicom/Dataset';
import { seriesAttributes } from '../dicom/seriesAttributes';
import { identityOf, message, type Text } from '../messages';
import { type Coverage, coverageOf } from './coverage';
import { planeNormal } from './planeGeometry';
import { splitIntoStacks } from './stacks';

/** A series of a study, or one stack of it, as far as a plan needs to know it. */
export interface StudySeries {
  /** SeriesInstanceUID, with the stack's name behind it where the series holds several. */
  id: string;
  SeriesInstanceUID: string;
  StudyInstanceUID: string;
  SeriesNumber: number;
  /** SeriesDescription, or a stand-in for people, with the stack's name: "T2 (echo 2)". */
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
 * The stacks of a series, each a series of its own to a plan, with its images.
 * @param images of one series, frames taken apart (`framesOf`); at least one
 */
export function describeSeries<T extends { instance: Dataset }>(
  images: readonly T[],
): { series: StudySeries; images: readonly T[] }[] {
  const synthetic = images.some(i => seriesAttributes(i.instance).SyntheticData === 'YES');
  const foreign = images.map(i => seriesAttributes(i.instance).Modality).find(m => m && m !== 'MR');
  return splitIntoStacks(images).map(stack => {
    const series = describeStack(
      stack.images.map(i => i.instance),
      stack.name,
    );
    // One image that is synthetic or no MR spoils the series: nobody knows how it came there.
    if (synthetic) series.attributes.SyntheticData = 'YES';
    if (foreign) series.attributes.Modality = foreign;
    return { series, images: stack.images };
  });
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
    description: name ? message('series/stack', { series: description, stack: name }) : description,
    attributes,
    images: instances.length,
    inPlaneSpacing: spacing ? Math.max(...spacing) : Number.POSITIVE_INFINITY,
    axiality: Math.abs(planeNormal(numbers(first.ImageOrientationPatient, 6))[2]),
    coverage: coverageOf(instances),
  };
}

/** First SeriesNumber given to a derived series; behind the sources in every list. */
const FIRST_DERIVED_NUMBER = 900;

/** A SeriesNumber that no series of the study has; behind them all. */
export function freeSeriesNumber(used: readonly number[]): number {
  return Math.max(FIRST_DERIVED_NUMBER, ...used.filter(Number.isFinite)) + 1;
}
