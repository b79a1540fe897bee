import { type Dataset, EXPLICIT_LITTLE_ENDIAN, writePart10 } from '@modality-synthesis/engine';
import { classes, DicomMetadataStore } from '@ohif/core';

/**
 * Puts datasets into the loaded study as one more series: Part-10 bytes behind object URLs, so that what is displayed is
 * what would be stored. OHIF makes the display set.
 * @param datasets one an image, with PixelData
 */
export function addSeries(datasets: readonly Dataset[]): void {
  const instances = datasets.map(dataset => {
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
  });
  DicomMetadataStore.addInstances(instances, true);
}
