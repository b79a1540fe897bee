import { metaData } from '@cornerstonejs/core';
import { isSynthetic, seriesAttributes } from '@modality-synthesis/engine';
import { DicomMetadataStore } from '@ohif/core';
import type { Instance, Measurement, Segmentation, Services, Subscription } from '../types';
import { SYNTHETIC } from '../watermark/watermarkText';

/** Prefixes the labels of measurements and segmentations on synthetic images, also after renaming. */
export function prefixAnnotations({ measurementService, segmentationService }: Services): Subscription[] {
  const prefixMeasurement = ({ measurement }: { measurement: Measurement }) => {
    const { uid, label, referenceSeriesUID } = measurement;
    if (!referenceSeriesUID || withPrefix(label) === label || !isSyntheticSeries(referenceSeriesUID)) return;
    measurementService.update(uid, { ...measurement, label: withPrefix(label) }, true);
  };
  const prefixSegmentation = ({ segmentationId }: { segmentationId: string }) => {
    const segmentation = segmentationService.getSegmentation(segmentationId);
    if (!segmentation || !isOnSyntheticImage(segmentation)) return;
    const { label, segments } = segmentation;
    if (withPrefix(label) !== label)
      segmentationService.addOrUpdateSegmentation({ segmentationId, label: withPrefix(label) });
    for (const [index, segment] of Object.entries(segments)) {
      if (segment && withPrefix(segment.label) !== segment.label)
        segmentationService.setSegmentLabel(segmentationId, Number(index), withPrefix(segment.label));
    }
  };
  const { MEASUREMENT_ADDED, MEASUREMENT_UPDATED } = measurementService.EVENTS;
  const { SEGMENTATION_ADDED, SEGMENTATION_MODIFIED } = segmentationService.EVENTS;
  return [
    measurementService.subscribe(MEASUREMENT_ADDED, prefixMeasurement),
    measurementService.subscribe(MEASUREMENT_UPDATED, prefixMeasurement),
    segmentationService.subscribe(SEGMENTATION_ADDED, prefixSegmentation),
    segmentationService.subscribe(SEGMENTATION_MODIFIED, prefixSegmentation),
  ];
}

/** Adds the prefix SYNTHETIC to a label that lacks it. */
export function withPrefix(label = ''): string {
  return label.startsWith(SYNTHETIC) ? label : `${SYNTHETIC} ${label}`.trim();
}

/** Whether a loaded series is synthetic by its tags. */
export function isSyntheticSeries(SeriesInstanceUID: string): boolean {
  const instance = DicomMetadataStore.getSeries('', SeriesInstanceUID)?.instances[0];
  return instance !== undefined && isSynthetic(seriesAttributes(instance));
}

function isOnSyntheticImage({ representationData }: Segmentation): boolean {
  return Object.values(representationData ?? {}).some(data => {
    const [imageId] = data?.referencedImageIds ?? [];
    const instance = imageId && (metaData.get('instance', imageId) as Instance | undefined);
    return instance && isSynthetic(seriesAttributes(instance));
  });
}
