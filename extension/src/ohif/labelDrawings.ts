import { metaData } from '@cornerstonejs/core';
import { isSynthetic, seriesAttributes } from '@modality-synthesis/engine';
import { DicomMetadataStore } from '@ohif/core';
import { withWord } from './syntheticWord';
import type { Instance, Measurement, Segmentation, Services, Subscription } from './types';

/** Keeps the word in the labels of measurements and segmentations on synthetic images, however they are renamed. */
export function labelDrawings({ measurementService, segmentationService }: Services): Subscription[] {
  const measured = ({ measurement }: { measurement: Measurement }) => {
    const { uid, label, referenceSeriesUID } = measurement;
    if (!referenceSeriesUID || withWord(label) === label || !isSyntheticSeries(referenceSeriesUID)) return;
    measurementService.update(uid, { ...measurement, label: withWord(label) }, true);
  };
  const segmented = ({ segmentationId }: { segmentationId: string }) => {
    const segmentation = segmentationService.getSegmentation(segmentationId);
    if (!segmentation || !liesOnSynthetic(segmentation)) return;
    const { label, segments } = segmentation;
    if (withWord(label) !== label)
      segmentationService.addOrUpdateSegmentation({ segmentationId, label: withWord(label) });
    for (const [index, segment] of Object.entries(segments)) {
      if (segment && withWord(segment.label) !== segment.label)
        segmentationService.setSegmentLabel(segmentationId, Number(index), withWord(segment.label));
    }
  };
  const { MEASUREMENT_ADDED, MEASUREMENT_UPDATED } = measurementService.EVENTS;
  const { SEGMENTATION_ADDED, SEGMENTATION_MODIFIED } = segmentationService.EVENTS;
  return [
    measurementService.subscribe(MEASUREMENT_ADDED, measured),
    measurementService.subscribe(MEASUREMENT_UPDATED, measured),
    segmentationService.subscribe(SEGMENTATION_ADDED, segmented),
    segmentationService.subscribe(SEGMENTATION_MODIFIED, segmented),
  ];
}

/** Whether a loaded series is synthetic by its tags. */
export function isSyntheticSeries(SeriesInstanceUID: string): boolean {
  const instance = DicomMetadataStore.getSeries('', SeriesInstanceUID)?.instances[0];
  return instance !== undefined && isSynthetic(seriesAttributes(instance));
}

function liesOnSynthetic({ representationData }: Segmentation): boolean {
  return Object.values(representationData ?? {}).some(data => {
    const [imageId] = data?.referencedImageIds ?? [];
    const instance = imageId && (metaData.get('instance', imageId) as Instance | undefined);
    return instance && isSynthetic(seriesAttributes(instance));
  });
}
