import { utilities } from '@cornerstonejs/core';
import { drawBand } from '../watermark/watermarkThumbnail';
import { PAGE, type PlacedImage, type PlacedText } from './layoutReport';

/** Image ids of the key slices. */
export type KeyImages = Readonly<Record<PlacedImage['series'], readonly string[]>>;

/** An empty page. */
export function blankPage(): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = PAGE.width;
  canvas.height = PAGE.height;
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, PAGE.width, PAGE.height);
  return context;
}

/** Draws a page of the report, black on white; synthetic images carry a band that reads SYNTHETIC. */
export async function drawPage(
  placed: readonly (PlacedText | PlacedImage)[],
  images: KeyImages,
): Promise<HTMLCanvasElement> {
  const context = blankPage();
  for (const part of placed) {
    if (part.kind === 'image') {
      const picture = await renderedImage(images[part.series][part.slice], part);
      context.drawImage(picture, part.x, part.y, part.size, part.size);
    } else {
      context.fillStyle = part.warning ? '#a04000' : '#000';
      context.font = part.font;
      context.fillText(part.text, part.x, part.y);
    }
  }
  return context.canvas;
}

/** An image as the viewer opens it, with its own window, on black. */
async function renderedImage(imageId: string, { series, size }: PlacedImage): Promise<HTMLCanvasElement> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.round(size);
  // Not on the GPU: there two pictures of one image, of which the other is OHIF's, spoil each other.
  await utilities.loadImageToCanvas({ canvas, imageId, useCPURendering: true });
  if (series === 'synthetic') drawBand(canvas.getContext('2d')!);
  return canvas;
}
