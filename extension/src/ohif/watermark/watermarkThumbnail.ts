import { metaData } from '@cornerstonejs/core';
import { isSynthetic, seriesAttributes } from '@modality-synthesis/engine';
import type { DataSource, DisplaySet, Instance } from '../types';
import { SYNTHETIC } from './watermarkText';

/** Draws SYNTHETIC into the pixels of a synthetic display set's thumbnail; ignores other display sets. */
export function watermarkThumbnail(displaySet: DisplaySet, dataSource: DataSource): void {
  const instance = displaySet.instances?.[0] ?? displaySet.images?.[0];
  if (!instance || !isSynthetic(seriesAttributes(instance))) return;
  const imageIds = dataSource.getImageIdsForDisplaySet(displaySet);
  const middle = imageIds[Math.floor(imageIds.length / 2)];
  if (!middle || !(metaData.get('instance', middle) as Instance | undefined)) return;
  displaySet.thumbnailSrc = undefined;
  displaySet.getThumbnailSrc = async ({ getImageSrc }) => withBand(await getImageSrc(middle));
}

/** Draws a band that reads SYNTHETIC across the top of a canvas. */
export function drawBand(context: CanvasRenderingContext2D): void {
  const { canvas } = context;
  const band = Math.round(canvas.height * 0.16);
  context.fillStyle = '#ffd479';
  context.fillRect(0, 0, canvas.width, band);
  context.fillStyle = '#000';
  context.font = `700 ${Math.round(band * 0.72)}px sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(SYNTHETIC, canvas.width / 2, band / 2, canvas.width * 0.96);
}

/** The picture, as a data URL, with a band that reads SYNTHETIC across its top. */
async function withBand(source: string): Promise<string> {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0);
  drawBand(context);
  return canvas.toDataURL('image/png');
}
