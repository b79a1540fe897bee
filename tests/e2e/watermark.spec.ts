import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { yellowPixels } from './support/pixels';
import { type HostWindow, type SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** Empties every overlay that a site can empty. */
const hostile = `
for (const corner of ['topLeft', 'topRight', 'bottomLeft', 'bottomRight']) {
  window.config.customizationService['viewportOverlay.' + corner] = { $set: [] };
}`;

async function synthesize(app: SynthesisPage): Promise<void> {
  await app.open();
  await app.button.click();
  await app.finished();
  await expect(app.watermarks).toBeVisible();
}

/** The picture that OHIF's capture tool exports of the active viewport. */
async function capture({ page }: SynthesisPage): Promise<Buffer> {
  await page.click('[data-cy="Capture"]');
  const form = page.locator('[data-viewport-uid="cornerstone-viewport-download-form"]');
  await expect(form.locator('canvas').first()).toBeVisible();
  await page.waitForFunction(() => {
    const elements = (window as unknown as HostWindow).cornerstone.getEnabledElements();
    return elements.some(
      e => (e as { viewportId?: string }).viewportId === 'cornerstone-viewport-download-form',
    );
  });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save Image' }).click(),
  ]);
  await page.keyboard.press('Escape');
  return readFile(await download.path());
}

/** Shows the T1 with the synthetic series on it. */
function fuse({ page }: SynthesisPage): Promise<void> {
  return page.evaluate(() => {
    const { services } = window as unknown as HostWindow;
    const sets = services.displaySetService.getActiveDisplaySets();
    const uid = (name: string) => sets.find(d => d.SeriesDescription.startsWith(name))!.displaySetInstanceUID;
    services.viewportGridService.setDisplaySetsForViewports([
      {
        viewportId: services.viewportGridService.getState().activeViewportId,
        displaySetInstanceUIDs: [uid('AX T1'), uid('SYNTHETIC')],
        viewportOptions: { viewportType: 'volume', orientation: 'axial' },
      },
    ]);
  });
}

test('the watermark is wherever the synthetic series is seen, and nowhere else', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await synthesize(app);
  await test.step('it names the model', () =>
    expect(app.watermarks).toHaveText(/^SYNTHETIC · .+ · not for primary diagnosis$/));
  await test.step('the thumbnail has the word SYNTHETIC in its pixels', async () => {
    const picture = app.thumbnails.last().locator('img');
    await expect(picture).toHaveAttribute('src', /^data:/);
    const source = (await picture.getAttribute('src'))!;
    const pixels = await yellowPixels(app.page, Buffer.from(source.split(',')[1], 'base64'));
    expect(pixels).toBeGreaterThan(100);
  });
  await test.step('the picture that the capture tool exports has it', async () => {
    expect(await yellowPixels(app.page, await capture(app))).toBeGreaterThan(500);
  });
  await test.step('it goes when an acquired series takes the place of the synthetic one', async () => {
    await app.thumbnails.first().dblclick();
    await expect(app.watermarks).toHaveCount(0);
    expect(await yellowPixels(app.page, await capture(app))).toBe(0);
  });
  await test.step('a fusion with a synthetic layer has it', async () => {
    await fuse(app);
    await expect(app.watermarks).toBeVisible();
  });
  await test.step('it is readable at every viewport size', async () => {
    await app.thumbnails.last().dblclick();
    await app.page.click('[data-cy="Layout"]');
    await app.page.click('[data-cy="MPR"]');
    await expect(app.watermarks).toHaveCount(3);
    for (const size of [
      { width: 1500, height: 900 },
      { width: 1100, height: 500 },
      { width: 800, height: 320 },
    ]) {
      await app.page.setViewportSize(size);
      await expect.poll(() => readability(app.page), `${size.width} x ${size.height}`).toEqual([]);
    }
  });
});

/** Defects of the watermarks on the page: contrast (WCAG AA, 1.4.3), clipping, size. */
function readability(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const luminance = (colour: string) => {
      const [r, g, b] = colour
        .match(/[\d.]+/g)!
        .map(v => Number(v) / 255)
        .map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const wrong: string[] = [];
    for (const mark of document.querySelectorAll<HTMLElement>('[data-cy="synthetic-mark"]')) {
      const style = getComputedStyle(mark);
      const [dark, light] = [style.color, style.backgroundColor].map(luminance).sort((a, b) => a - b);
      if ((light + 0.05) / (dark + 0.05) < 4.5) wrong.push('contrast');
      if (style.opacity !== '1' || style.visibility !== 'visible') wrong.push('see-through');
      if (Number.parseFloat(style.fontSize) < 12) wrong.push('small');
      if (mark.scrollWidth > mark.clientWidth || mark.scrollHeight > mark.clientHeight) wrong.push('cut off');
      const [inner, outer] = [mark, mark.parentElement!].map(e => e.getBoundingClientRect());
      const inside =
        inner.left >= outer.left - 1 &&
        inner.right <= outer.right + 1 &&
        inner.top >= outer.top - 1 &&
        inner.bottom <= outer.bottom + 1;
      if (!inside) wrong.push(`outside a viewport of ${outer.width} x ${outer.height}`);
      const on = document.elementsFromPoint((inner.left + inner.right) / 2, (inner.top + inner.bottom) / 2);
      if (!on.includes(mark.parentElement!)) wrong.push('covered');
    }
    return wrong;
  });
}

test('a site that empties all overlays cannot remove the watermark', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle + hostile });
  await synthesize(app);
  await expect(app.page.locator('[data-cy="viewport-overlay-top-left"]')).toHaveText('');
  const box = (await app.watermarks.boundingBox())!;
  expect(box.width).toBeGreaterThan(80);
  const screenshot = await app.page.screenshot({ clip: box });
  expect(await yellowPixels(app.page, screenshot)).toBeGreaterThan(0.4 * box.width * box.height);
});

for (const [text, long, shown] of [
  ['SYNTHETISCH ({model}), nicht zur Befundung', '', /^SYNTHETISCH \(.+\), nicht zur Befundung$/],
  ['\u200b ', ' @long', /^SYNTHETIC · .+ · not for primary diagnosis$/],
] as const) {
  test(`a site's watermark text: ${JSON.stringify(text)}${long}`, async ({ viewer, phantom }) => {
    const appConfig = `${tinyBundle} window.config.modalitySynthesis.mark = ${JSON.stringify(text)};`;
    const app = await viewer({ studies: [await phantom()], appConfig });
    await synthesize(app);
    await expect(app.watermarks).toHaveText(shown);
  });
}
