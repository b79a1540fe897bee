import { annotation } from '@cornerstonejs/tools';
import type { Services } from './types';

/** Removes measurements, annotations and segmentations that lie on some images. */
export function removeDrawings(
  SeriesInstanceUID: string,
  imageIds: ReadonlySet<string>,
  { measurementService, segmentationService }: Services,
): void {
  for (const { uid, referenceSeriesUID } of measurementService.getMeasurements())
    if (referenceSeriesUID === SeriesInstanceUID) measurementService.remove(uid);
  // Some tools draw annotations that are no measurements.
  for (const { annotationUID, metadata } of annotation.state.getAllAnnotations())
    if (annotationUID && metadata?.referencedImageId && imageIds.has(metadata.referencedImageId))
      annotation.state.removeAnnotation(annotationUID);
  for (const { segmentationId, representationData } of segmentationService.getSegmentations())
    if (
      Object.values(representationData ?? {}).some(d => d?.referencedImageIds?.some(id => imageIds.has(id)))
    )
      segmentationService.remove(segmentationId);
}
