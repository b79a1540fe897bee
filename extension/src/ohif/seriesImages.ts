import { SynthesisError } from '@modality-synthesis/engine';
import { DicomMetadataStore } from '@ohif/core';
import { message } from '../i18n/message';
import type { StoredImage } from './storeImages';

/** The images of a series made here, by InstanceNumber: the very bytes that are displayed, behind their object URLs. */
export function seriesImages(study: string, SeriesInstanceUID: string): StoredImage[] {
  const instances = DicomMetadataStore.getSeries(study, SeriesInstanceUID)?.instances ?? [];
  if (instances.length === 0) throw new SynthesisError('store-failed', message('storage/not-loaded'));
  const inOrder = [...instances].sort((a, b) => Number(a.InstanceNumber) - Number(b.InstanceNumber));
  return inOrder.map(instance => ({
    SOPInstanceUID: String(instance.SOPInstanceUID),
    read: async () => (await fetch(String(instance.url).replace('wadouri:', ''))).arrayBuffer(),
  }));
}
