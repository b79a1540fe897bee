import { expect, type Page } from '@playwright/test';
import type { SynthesisPage } from './SynthesisPage';

/** An encoded picture's pixels of the watermark's yellow, and how many shades of grey it has. */
function countPixels(page: Page, picture: Buffer): Promise<{ yellow: number; shades: number }> {
  return page.evaluate(async base64 => {
    const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let yellow = 0;
    const shades = new Set<number>();
    for (let i = 0; i < data.length; i += 4) {
      const [red, green, blue] = data.subarray(i, i + 3);
      if (Math.abs(red - 0xff) + Math.abs(green - 0xd4) + Math.abs(blue - 0x79) < 40) yellow++;
      if (red === green && green === blue) shades.add(red);
    }
    return { yellow, shades: shades.size };
  }, picture.toString('base64'));
}

/** Pixels of the watermark's yellow in an encoded picture. */
export async function yellowPixels(page: Page, picture: Buffer): Promise<number> {
  return (await countPixels(page, picture)).yellow;
}

/** Expects a synthetic image and its watermark in the pixels of the first viewport. */
export async function expectSeen({ page, viewports, watermarks }: SynthesisPage): Promise<void> {
  await expect(watermarks.first()).toBeVisible();
  const image = (await viewports.first().locator('canvas').first().boundingBox())!;
  const mark = (await watermarks.first().boundingBox())!;
  const { width, height } = mark;
  // Neither OHIF's texts nor the mark are there.
  const middle = {
    x: image.x + 0.4 * image.width,
    y: image.y + 0.4 * image.height,
    width: 0.2 * image.width,
    height: 0.2 * image.height,
  };
  await expect
    .poll(async () => (await countPixels(page, await page.screenshot({ clip: middle }))).shades)
    .toBeGreaterThan(20);
  expect(await yellowPixels(page, await page.screenshot({ clip: mark }))).toBeGreaterThan(
    0.4 * width * height,
  );
  expect(mark.x).toBeGreaterThanOrEqual(image.x);
  expect(mark.y).toBeGreaterThanOrEqual(image.y);
  expect(mark.x + width).toBeLessThanOrEqual(image.x + image.width);
  expect(mark.y + height).toBeLessThanOrEqual(image.y + image.height);
}
