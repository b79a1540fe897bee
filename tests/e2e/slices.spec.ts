import { threeSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

test('on a slow machine the slices around the one shown are offered, and made alone', async ({
  viewer,
  phantom,
}) => {
  const appConfig = tinyBundle.replace('cdm-tiny', 'cmdm-tiny');
  const app = await viewer({ studies: [await phantom(1, threeSeries)], appConfig });
  await app.open();
  await app.target('t1ce').check();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  const some = app.page.locator('[data-cy="synthesis-some-slices"]');
  await expect(some).toHaveCount(0);

  // As if the job had taken twenty times as long.
  await app.page.evaluate(() => {
    for (const key of Object.keys(localStorage).filter(one => one.startsWith('modality-synthesis.speed')))
      localStorage[key] = String(Number(localStorage[key]) / 20);
  });
  await app.target('t1ce').uncheck();
  await app.target('t1ce').check();
  const duration = app.page.locator('[data-cy="synthesis-duration"]');
  const whole = await duration.textContent();
  await some.check();
  await expect(duration).not.toHaveText(whole!);
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.result('t1ce')).toHaveCount(2);
  await expect(app.result('t1ce').last()).toContainText(/Slices \d+ to \d+ of the reference only/);
  await expect(app.page.locator('#viewerLayoutResizableViewportGridPanel')).toContainText(
    /SYNTHETIC T1 post-contrast \(CMDM, slices \d+-\d+\)/,
  );
});
