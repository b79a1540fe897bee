import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const REPORT = 'SYNTHETIC T1 post-contrast (CDM) report';

/** What a frame of the page showed when it was printed. */
interface Printed {
  printed?: { text: string; width: number; height: number }[];
}

test('the report is printed, stored on Accept if the site wants it, and says SYNTHETIC @long', async ({
  viewer,
  pacs,
}, info) => {
  const appConfig = `${tinyBundle} window.config.modalitySynthesis.storeReport = true;`;
  const app = await viewer({ studies: [], pacs: pacs.proxy.url, appConfig });
  const { page } = app;
  await page.addInitScript(() => {
    window.print = () => {
      (window.top as unknown as Printed).printed = [...document.images].map(image => ({
        text: image.alt,
        width: image.naturalWidth,
        height: image.naturalHeight,
      }));
    };
  });
  await app.open({ studies: [pacs.study] });
  await app.run.click();
  expect(await app.finished()).toBe('job/done');

  await page.click('[data-cy="synthesis-print"]');
  await expect
    .poll(() => page.evaluate(() => (window as unknown as Printed).printed?.length))
    .toBeGreaterThan(0);
  const printed = await page.evaluate(() => (window as unknown as Printed).printed);
  for (const sheet of printed ?? [])
    expect(sheet).toEqual({ text: 'Report: synthetic T1 post-contrast', width: 1240, height: 1754 });
  expect(await pacs.images('SYNTHETIC')).toEqual([]);

  await page.click('[data-cy="synthesis-accept"]');
  await expect(page.locator('[data-cy="synthesis-storage"]')).toHaveText(/^Stored in the PACS/, {
    timeout: 90_000,
  });
  expect(await pacs.images(REPORT)).toHaveLength(printed!.length);
  const thumbnail = app.thumbnails.filter({ hasText: REPORT });
  await thumbnail.dblclick();
  await expect(app.watermarks).toBeVisible();
  await page.screenshot({ path: info.outputPath('report.png') });
});
