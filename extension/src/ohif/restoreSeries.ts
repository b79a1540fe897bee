import { DicomMetadataStore } from '@ohif/core';

/**
 * Makes a display set again for a series whose study was closed: the metadata store keeps its instances and their object
 * URLs as long as the page lives, only display sets are forgotten.
 */
export function restoreSeries(study: string, SeriesInstanceUID: string): void {
  const instances = DicomMetadataStore.getSeries(study, SeriesInstanceUID)?.instances;
  if (instances?.length) DicomMetadataStore.addInstances([...instances], true);
}
