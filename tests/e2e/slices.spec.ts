import { threeSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { findings } from './support/findings';
import { BUNDLES, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

test('a reader chooses another model, and on a slow machine the slices around the one shown', async ({
  viewer,
  phantom,
}) => {
  const appConfig = `${tinyBundle}\nwindow.config.modalitySynthesis.bundles = ['${BUNDLES}cmdm-tiny'];`;
  const app = await viewer({ studies: [await phantom(1, threeSeries)], appConfig });
  const { page } = app;
  await app.open();
  const model = page.locator('[data-cy="synthesis-model"]');
  await expect(model).toHaveText(/^CDM tiny/);
  await model.click();
  await page.getByRole('option', { name: /^CMDM tiny/ }).click();
  await expect(model).toHaveText(/^CMDM tiny/);
  expect(await findings(app)).toEqual([]);
  await app.target('t1ce').check();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.result('t1ce')).toContainText('CMDM tiny');
  const some = page.locator('[data-cy="synthesis-some-slices"]');
  await expect(some).toHaveCount(0);

  // As if the job had taken twenty times as long.
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage).filter(one => one.startsWith('modality-synthesis.speed')))
      localStorage[key] = String(Number(localStorage[key]) / 20);
  });
  await app.target('t1ce').uncheck();
  await app.target('t1ce').check();
  const duration = page.locator('[data-cy="synthesis-duration"]');
  const whole = await duration.textContent();
  await some.check();
  await expect(duration).not.toHaveText(whole!);
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.result('t1ce')).toHaveCount(2);
  await expect(app.result('t1ce').last()).toContainText(/Slices \d+ to \d+ of the reference only/);
  await expect(page.locator('#viewerLayoutResizableViewportGridPanel')).toContainText(
    /SYNTHETIC T1 post-contrast \(CMDM, slices \d+-\d+\)/,
  );
});
