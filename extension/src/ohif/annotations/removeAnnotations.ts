import { annotation } from '@cornerstonejs/tools';
import type { Services } from '../types';

/** Removes measurements, annotations and segmentations of a series with these images. */
export function removeAnnotations(
  SeriesInstanceUID: string,
  imageIds: ReadonlySet<string>,
  { measurementService, segmentationService }: Services,
): void {
  for (const { uid, referenceSeriesUID } of measurementService.getMeasurements())
    if (referenceSeriesUID === SeriesInstanceUID) measurementService.remove(uid);
  // Some tools draw annotations that OHIF does not list as measurements.
  for (const { annotationUID, metadata } of annotation.state.getAllAnnotations())
    if (annotationUID && metadata?.referencedImageId && imageIds.has(metadata.referencedImageId))
      annotation.state.removeAnnotation(annotationUID);
  for (const { segmentationId, representationData } of segmentationService.getSegmentations())
    if (
      Object.values(representationData ?? {}).some(d => d?.referencedImageIds?.some(id => imageIds.has(id)))
    )
      segmentationService.remove(segmentationId);
}
