import { expectBrainOn } from './support/expectBrainOn';
import { expect, realStudy, test } from './support/test';

// Real patients: nothing from these studies, not even a picture, may enter the repository. Another is in
// doubt.spec.ts.
test('openms-long-12: t1ce is made by the trained bundle when it is asked for @long', async ({
  viewer,
  folder,
}) => {
  const app = await viewer({ studies: [await realStudy('openms-long-12', folder)] });
  await app.open();
  // Enhancement is not predicted, so T1ce is not proposed.
  await expect(app.target('t1ce')).not.toBeChecked();
  await app.target('t1ce').check();
  await app.button.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.result('t1ce')).toBeVisible();
  await expect(app.watermarks).toBeVisible();
  await expectBrainOn(app, 'SYNTHETIC T1 post-contrast', 'AX T2');
});

test('tcga-fg-6692: where the trained bundle finds a lesion, its T1ce is hatched, with a sentence @long', async ({
  viewer,
  folder,
}) => {
  const app = await viewer({ studies: [await realStudy('tcga-fg-6692', folder, ['t1', 't1ce'])] });
  await app.open();
  await app.target('t1').uncheck();
  await app.target('t1ce').check();
  await app.button.click();
  // The patient moved far between the two series.
  await app.acceptWarnings();
  expect(await app.finished()).toBe('job/done');
  await app.page.keyboard.press('Shift+U');
  await app.page.keyboard.press('Shift+U');
  const legend = app.page.locator('[data-cy="error-map-legend"]').first();
  await expect(legend).toContainText('Expected error');
  await expect(legend).not.toContainText('cannot be told');
  for (let slice = 0; slice < 4; slice++) await app.page.keyboard.press('ArrowUp');
  await expect(legend).toContainText('whether it enhances cannot be told');
});
