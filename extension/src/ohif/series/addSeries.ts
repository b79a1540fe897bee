import {
  type Dataset,
  EXPLICIT_LITTLE_ENDIAN,
  nextTask,
  replaceSequences,
  type StoredImage,
  SynthesisError,
  writePart10,
} from '@modality-synthesis/engine';
import { classes, DicomMetadataStore } from '@ohif/core';
import { message } from '../../i18n/message';
import type { DerivedSeries } from '../../session/ViewerPort';

/**
 * Adds datasets to the loaded study as a series. Part-10 bytes behind object URLs: the viewer displays the
 * bytes that are stored later. OHIF creates the display set.
 * @param datasets one per image, with PixelData
 */
export async function addSeries(datasets: readonly Dataset[], onImage: () => void): Promise<void> {
  const instances: Dataset[] = [];
  for (const dataset of datasets) {
    instances.push(instanceOf(dataset));
    onImage();
    // Encoding an image takes milliseconds: the page goes on in between.
    await nextTask();
  }
  DicomMetadataStore.addInstances(instances, true);
}

function instanceOf(dataset: Dataset): Dataset {
  const blob = new Blob([writePart10(dataset)], { type: 'application/dicom' });
  const imageId = `wadouri:${URL.createObjectURL(blob)}`;
  const { PixelData: _, ...instance } = dataset;
  instance.AvailableTransferSyntaxUID = EXPLICIT_LITTLE_ENDIAN;
  instance.url = imageId;
  // Not enumerable: OHIF copies instances, and the id must not travel into a stored dataset.
  Object.defineProperty(instance, 'imageId', { value: imageId, writable: true, configurable: true });
  classes.MetadataProvider.addImageIdToUIDs(imageId, {
    StudyInstanceUID: String(dataset.StudyInstanceUID),
    SeriesInstanceUID: String(dataset.SeriesInstanceUID),
    SOPInstanceUID: String(dataset.SOPInstanceUID),
  });
  return instance;
}

/**
 * Creates a display set for a derived series whose study was closed. OHIF forgets the display sets of a
 * closed study; its metadata store keeps instances and object URLs as long as the page lives.
 */
export function restoreSeries(study: string, SeriesInstanceUID: string): void {
  const instances = DicomMetadataStore.getSeries(study, SeriesInstanceUID)?.instances;
  if (instances?.length) DicomMetadataStore.addInstances([...instances], true);
}

/** Sequences that were replaced after the bytes were made, by SeriesInstanceUID. */
const amendments = new Map<string, { before: Dataset; after: Dataset }>();

/** See ViewerPort.amendSeries. */
export function amendSeries(
  { study, SeriesInstanceUID }: DerivedSeries,
  before: Dataset,
  after: Dataset,
): void {
  const instances = DicomMetadataStore.getSeries(study, SeriesInstanceUID)?.instances ?? [];
  for (const instance of instances) Object.assign(instance, after);
  const written = amendments.get(SeriesInstanceUID)?.before ?? before;
  amendments.set(SeriesInstanceUID, { before: written, after });
}

/** Images of a derived series by InstanceNumber, with the Part-10 bytes behind their object URLs. */
export function seriesImages(study: string, SeriesInstanceUID: string): StoredImage[] {
  return seriesInstances(study, SeriesInstanceUID).map(instance => ({
    SOPInstanceUID: String(instance.SOPInstanceUID),
    read: async () => {
      const bytes = await (await fetch(String(instance.url).replace('wadouri:', ''))).arrayBuffer();
      const amended = amendments.get(SeriesInstanceUID);
      return amended ? replaceSequences(bytes, amended.before, amended.after) : bytes;
    },
  }));
}

/** Headers of a derived series by InstanceNumber. */
export function seriesInstances(study: string, SeriesInstanceUID: string): Dataset[] {
  const instances = DicomMetadataStore.getSeries(study, SeriesInstanceUID)?.instances ?? [];
  if (instances.length === 0) throw new SynthesisError('store-failed', message('storage/not-loaded'));
  return [...instances].sort((a, b) => Number(a.InstanceNumber) - Number(b.InstanceNumber));
}
