import type { Page } from '@playwright/test';
import { readErrorMap } from './support/readErrorMap';
import { type HostWindow, SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const SYNTHETIC = 'SYNTHETIC T1 post-contrast (CDM)';
const IMAGES = 28;

test('the error map of an accepted result comes back from the PACS, voxel by voxel @long', async ({
  viewer,
  pacs,
  browser,
}) => {
  const app = await viewer({ studies: [], pacs: pacs.proxy.url, appConfig: tinyBundle });
  await app.open({ studies: [pacs.study] });
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  const made = await readErrorMap(app.page, SYNTHETIC);
  expect(made).toMatchObject({ unit: 'range', text: 'Enhancement cannot be told here.' });
  expect(made.dims[2]).toBe(IMAGES);
  expect(made.largest).toBeGreaterThan(1);
  expect(made.inRegion).toBeGreaterThan(0);

  await app.page.locator('[data-cy="synthesis-accept"]').click();
  await expect(app.page.locator('[data-cy="synthesis-storage"]')).toHaveText(
    `Stored in the PACS: ${IMAGES} images, read back.`,
  );
  for (const more of ['expected error', 'indeterminate'])
    expect(await pacs.images(`${SYNTHETIC} ${more}`)).toHaveLength(1);

  const profile = await browser.newContext();
  const page = await profile.newPage();
  const again = new SynthesisPage(page, { url: new URL(app.page.url()).origin, studies: [] });
  await again.open({ studies: [pacs.study] });
  await expect(again.thumbnails.filter({ hasText: SYNTHETIC }).first()).toBeVisible();
  expect(await readErrorMap(page, SYNTHETIC)).toEqual(made);
  // The map is no series that anything could be made from.
  await expect(again.panel).not.toContainText('expected error');
  await profile.close();

  const stock = await viewer({ studies: [], pacs: pacs.proxy.url, plugins: [] });
  await stock.page.goto(`${stock.viewer.url}/viewer?StudyInstanceUIDs=${pacs.study}`);
  await expect(stock.viewports.first()).toBeVisible({ timeout: 90_000 });
  await expect.poll(() => stock.descriptions()).toContain(`${SYNTHETIC} expected error`);
  expect(await stock.descriptions()).toContain(`${SYNTHETIC} indeterminate`);
  const region = stock.page.locator('[data-cy="study-browser-thumbnail-no-image"]');
  await region.filter({ hasText: 'indeterminate' }).dblclick();
  await stock.page.getByText('Yes', { exact: true }).click();
  await expect.poll(() => voxelsOfSegmentation(stock.page)).toBe(made.inRegion);
});

/** Voxels of the segmentation that the viewer shows; 0 before it does. */
function voxelsOfSegmentation(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { services, cornerstone } = window as unknown as HostWindow;
    const [shown] = services.segmentationService.getSegmentations();
    const images = shown?.representationData.Labelmap?.imageIds ?? [];
    return images.reduce((sum, id) => {
      const pixels = cornerstone.cache.getImage(id)?.voxelManager.getScalarData() ?? [];
      return sum + Array.from(pixels).filter(value => value > 0).length;
    }, 0);
  });
}

test('the error map of a rejected result is gone', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await app.open();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  const map = await app.page.evaluate(async () => {
    type Service = { errorMap(uid: string): Promise<unknown> };
    const { services } = window as unknown as HostWindow & { services: { synthesisService: Service } };
    const sets = services.displaySetService.getActiveDisplaySets();
    const uid = sets.find(d => d.SeriesDescription.startsWith('SYNTHETIC'))!.SeriesInstanceUID;
    await services.synthesisService.errorMap(uid);
    document.querySelector<HTMLElement>('[data-cy="synthesis-reject"]')!.click();
    await new Promise(resolve => setTimeout(resolve, 0));
    return services.synthesisService.errorMap(uid).then(
      () => 'a map',
      (error: { code: string }) => error.code,
    );
  });
  expect(map).toBe('no-error-map');
});
