import { DicomMetadataStore } from '@ohif/core';
import { zip } from 'fflate';
import type { DerivedSeries } from '../../session/ViewerPort';
import { seriesImages } from './addSeries';

/** Downloads a zip with one folder, named after the series: IM0001.dcm, IM0002.dcm and so on. */
export async function downloadSeries({ study, SeriesInstanceUID }: DerivedSeries): Promise<void> {
  const images = seriesImages(study, SeriesInstanceUID);
  const [first] = DicomMetadataStore.getSeries(study, SeriesInstanceUID)!.instances;
  const folder = fileName(`${first.SeriesNumber} ${first.SeriesDescription}`);
  const files: Record<string, Uint8Array> = {};
  for (const [n, image] of images.entries())
    files[`${folder}/IM${String(n + 1).padStart(4, '0')}.dcm`] = new Uint8Array(await image.read());
  const bytes = await new Promise<Uint8Array>((resolve, reject) =>
    zip(files, (error, data) => (error ? reject(error) : resolve(data))),
  );
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/zip' }));
  link.download = `${folder}.zip`;
  link.click();
  // The browser has started the download by the end of this task.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

/** Keeps the characters that every file system allows. */
const fileName = (text: string) => text.replace(/[^\p{L}\p{N}()_-]+/gu, '_');
