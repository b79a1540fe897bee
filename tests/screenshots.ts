/**
 * `npm run screenshots`: pictures of the demo study (a phantom) in the real viewer for the guide
 * (docs/radiologists*.md), docs/methods.md and README.md; with names (`-- dose`) only those. Needs Chromium
 * and Orthanc.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { OFFERED_MODELS, startDemo } from '@modality-synthesis/viewer/demo';
import { chromium, expect, type Page } from '@playwright/test';
import { launchOptions } from '../playwright.config';
import { SynthesisPage } from './e2e/support/SynthesisPage';
import { palettePng } from './palettePng';

const root = path.resolve(import.meta.dirname, '..');
const LIMIT = 150_000;

/** What is done in the viewer for some pictures. */
type Walk = (app: SynthesisPage) => Promise<void>;

/** By name: OHIF's configuration besides the demo's, and the walk. */
const WALKS: Readonly<Record<string, [appConfig: string, walk: Walk]>> = {
  guide: ['', guide],
  dose: [OFFERED_MODELS, smallerDose],
};

async function take([appConfig, walk]: [string, Walk]): Promise<void> {
  const study = path.join(root, 'viewer/demo-study/dicom');
  const demo = await startDemo({ studies: [study], port: 0, orthanc: true, appConfig });
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await walk(new SynthesisPage(page, demo));
  } finally {
    await browser.close();
    await demo.close();
  }
}

async function guide(app: SynthesisPage): Promise<void> {
  const { page } = app;
  await app.open({ folded: true });
  await expect(app.panel).toContainText('FLAIR from T1, T1 post-contrast, T2');
  await expect(app.picture('t2')).toBeVisible();
  await picture(page, 'make');

  await app.run.click();
  await app.finished(900_000);
  const result = app.result('flair');
  await result.getByRole('button', { name: /^Compare/ }).click();
  await expect(app.viewports).toHaveCount(5);
  await expect(app.watermarks).toHaveCount(2);
  await page.locator('.cornerstone-canvas').nth(4).waitFor();
  await page.locator('[data-cy="error-map"]').waitFor();
  await picture(page, 'read');

  await result.getByRole('button', { name: /^Compare/ }).click();
  await expect(app.viewports).toHaveCount(1);
  await result.getByRole('button', { name: /^Show Synthetic/ }).click();
  await page.locator('[data-cy="error-map-overlay"]').check();
  await expect(page.locator('[data-cy="error-map-legend"]')).toBeVisible();
  await picture(page, 'doubt-overlay');

  await page.click('[data-cy="Layout"]');
  await page.click('[data-cy="MPR"]');
  await expect(page.locator('[data-cy="error-map"]')).toHaveCount(3);
  await expect(app.watermarks).toHaveCount(3);
  await picture(page, 'doubt-mpr');

  await page.locator('[data-cy="error-map-off"]').check();
  const check = result.locator('[data-cy="synthesis-self-check"]');
  await check.locator('[data-cy="synthesis-check-run"]').click();
  await check.getByRole('button', { name: /^Show T1 as acquired/ }).click({ timeout: 900_000 });
  await expect(page.locator('[data-cy="synthesis-check-caption"]')).toHaveCount(2);
  await check.locator('[data-cy="synthesis-check-table"]').scrollIntoViewIfNeeded();
  await picture(page, 'doubt-check');
  await result.getByRole('button', { name: /^Show Synthetic/ }).click();

  await result.locator('[data-cy="synthesis-model-card"]').getByRole('button').click();
  await result.scrollIntoViewIfNeeded();
  await picture(page, 'doubt', app.panel);

  await result.locator('[data-cy="synthesis-model-card"]').getByRole('button').click();
  await page.click('[data-cy="synthesis-accept"]');
  await expect(page.locator('[data-cy="synthesis-storage"]')).toContainText('Stored', { timeout: 120_000 });
  await result.scrollIntoViewIfNeeded();
  await picture(page, 'accept', app.panel);
}

/** The full dose of the demo study from its quarter of it, beside its sources. */
async function smallerDose(app: SynthesisPage): Promise<void> {
  const { page } = app;
  await app.open();
  await page.locator('[data-cy="synthesis-model"]').click();
  await page.getByRole('option', { name: /^CCDM brain MR/ }).click();
  await app.choose(app.source('t1ce'), 'not used');
  await expect(app.target('t1ce')).toBeChecked();
  await app.run.click();
  await app.finished(900_000);
  await app
    .result('t1ce')
    .getByRole('button', { name: /^Compare/ })
    .click();
  await expect(app.viewports).toHaveCount(4);
  await expect(app.watermarks).toHaveCount(2);
  await page.locator('[data-cy="error-map"]').waitFor();
  // The notice of the end lies over the last picture for a while.
  await expect(page.getByText(/made: predicted, not measured/)).toBeHidden({ timeout: 20_000 });
  await picture(page, 'dose');
}

/** Writes docs/images/radiologists-NAME.png. */
async function picture(page: Page, name: string, part: Pick<Page, 'screenshot'> = page): Promise<void> {
  const shot = (await part.screenshot({ animations: 'disabled' })).toString('base64');
  const { width, height, pixels } = await page.evaluate(async base64 => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let text = '';
    for (let at = 0; at < data.length; at += 8192)
      text += String.fromCharCode(...data.subarray(at, at + 8192));
    return { width: bitmap.width, height: bitmap.height, pixels: btoa(text) };
  }, shot);
  const png = palettePng(Buffer.from(pixels, 'base64'), width, height);
  if (png.length > LIMIT)
    throw new Error(`The picture ${name} takes ${png.length} bytes, more than ${LIMIT}.`);
  writeFileSync(path.join(root, `docs/images/radiologists-${name}.png`), png);
  console.log(`docs/images/radiologists-${name}.png: ${png.length} bytes`);
}

const names = process.argv.slice(2);
for (const [name, walk] of Object.entries(WALKS))
  if (names.length === 0 || names.includes(name)) await take(walk);
