import {
  type Dataset,
  describePatient,
  freeSeriesNumber,
  items,
  patientOf,
  roleLabel,
  SynthesisError,
  secondaryCapture,
} from '@modality-synthesis/engine';
import { message } from '../../i18n/message';
import { t, translate, translateBundleText } from '../../i18n/translate';
import type { DerivedSeries, ReportedResult } from '../../session/ViewerPort';
import { addSeries } from '../series/addSeries';
import type { LoadedImage, LoadedSeries } from '../series/loadedSeries';
import { blankPage, drawPage } from './drawPage';
import { KEY_SLICES, layoutReport } from './layoutReport';

interface Report {
  pages: readonly HTMLCanvasElement[];
  /** The images of the result that they show. */
  shown: readonly LoadedImage[];
}

/**
 * Draws the report about a result: what it is, key images, how it was made, the limits of the model.
 * @param study the series of its study
 * @throws SynthesisError `source-unreadable` when the result or the series whose grid it has is not loaded
 */
async function drawReport(result: ReportedResult, study: readonly LoadedSeries[]): Promise<Report> {
  const imagesOf = (uid: string) =>
    study.filter(({ series }) => series.SeriesInstanceUID === uid).flatMap(({ images }) => images);
  const synthetic = keyImages(imagesOf(result.SeriesInstanceUID));
  const reference = imagesOf(result.referenceSeriesInstanceUID);
  const acquired = synthetic.flatMap(image => reference.find(other => isPlaneOf(image, other)) ?? []);
  if (synthetic.length < KEY_SLICES || acquired.length < KEY_SLICES)
    throw new SynthesisError('source-unreadable', message('report/not-loaded'));
  const ids = (images: readonly LoadedImage[]) => images.map(({ imageId }) => imageId);
  const context = blankPage();
  const measure = (text: string, font: string) => {
    context.font = font;
    return context.measureText(text).width;
  };
  const { not_for, limitations, ...card } = result.card;
  const translated = {
    ...card,
    not_for: not_for.map(translateBundleText),
    limitations: limitations.map(translateBundleText),
  };
  const layout = layoutReport({ ...result, card: translated }, patientLines(synthetic[0].instance), {
    measure,
    translate,
  });
  const pages: HTMLCanvasElement[] = [];
  for (const placed of layout)
    pages.push(await drawPage(placed, { synthetic: ids(synthetic), acquired: ids(acquired) }));
  return { pages, shown: synthetic };
}

/** Slices through the middle of the head, evenly spaced, by InstanceNumber. */
function keyImages(images: readonly LoadedImage[]): LoadedImage[] {
  const inOrder = [...images].sort(
    (a, b) => Number(a.instance.InstanceNumber) - Number(b.instance.InstanceNumber),
  );
  return [0.4, 0.5, 0.6].flatMap(at => inOrder[Math.floor(at * inOrder.length)] ?? []);
}

/** Whether `other` is the image, or the frame, in whose plane a derived image lies. */
function isPlaneOf({ instance }: LoadedImage, { instance: other }: LoadedImage): boolean {
  const [plane] = items(instance.ReferencedImageSequence);
  return (
    plane?.ReferencedSOPInstanceUID === other.SOPInstanceUID &&
    (plane?.ReferencedFrameNumber === undefined ||
      plane.ReferencedFrameNumber === other.ReferencedFrameNumber)
  );
}

/** Patient and study, a line each. */
function patientLines(instance: Dataset): string[] {
  const study = [instance.StudyDate, instance.StudyDescription].filter(Boolean).join(', ');
  return [describePatient(patientOf(instance)), study].filter(Boolean);
}

/** Opens the browser's dialog for printing the report. */
export async function printReport(result: ReportedResult, study: readonly LoadedSeries[]): Promise<void> {
  const { pages } = await drawReport(result, study);
  const frame = document.createElement('iframe');
  frame.style.display = 'none';
  document.body.append(frame);
  const target = frame.contentDocument!;
  for (const page of pages) {
    const image = target.createElement('img');
    image.src = page.toDataURL('image/png');
    image.alt = t('report/title', { target: translate(roleLabel(result.target)) });
    image.style.width = '100%';
    image.style.breakAfter = 'page';
    target.body.append(image);
    await image.decode();
  }
  frame.contentWindow!.addEventListener('afterprint', () => frame.remove(), { once: true });
  frame.contentWindow!.print();
}

/** Adds the report to the study as a series of Secondary Capture images. */
export async function addReport(
  result: ReportedResult,
  study: readonly LoadedSeries[],
): Promise<DerivedSeries> {
  const { pages, shown } = await drawReport(result, study);
  const datasets = secondaryCapture({
    pages: pages.map(page => page.getContext('2d')!.getImageData(0, 0, page.width, page.height)),
    images: shown.map(({ instance }) => instance),
    seriesNumber: freeSeriesNumber(study.map(({ series }) => series.SeriesNumber)),
    description: `${shown[0].instance.SeriesDescription} report`,
    now: new Date(),
  });
  await addSeries(datasets, () => {});
  const SeriesInstanceUID = String(datasets[0].SeriesInstanceUID);
  return { ...result, SeriesInstanceUID };
}
