import { threeSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const synthetic = { SyntheticData: 'YES', SeriesDescription: 'AX T1 POST GD' };

test('two studies loaded at once are not mixed', async ({ viewer, phantom }) => {
  const [t1, t2, flair] = threeSeries;
  const app = await viewer({
    studies: [await phantom(1, [t1, t2]), await phantom(2, [flair])],
    appConfig: tinyBundle,
  });
  await app.open();
  await app.thumbnails.filter({ hasText: 'AX T2 FLAIR' }).dblclick();
  const rows = app.page.locator('[data-cy^="synthesis-source-"]');
  await expect(rows).toHaveCount(1);
  await expect(app.source('flair')).toBeVisible();
  await app.thumbnails.filter({ hasText: 'AX T1' }).dblclick();
  await expect(rows).toHaveCount(2);
  await expect(app.source('flair')).toHaveCount(0);
  await expect(app.target('flair')).toBeVisible();
  await app.run.click();
  await app.finished();
  expect(await app.descriptions('1.2.826.0.1.3680043.8.498.77.1')).toEqual([
    'AX T1',
    'AX T2',
    'SYNTHETIC T1 post-contrast (CDM)',
  ]);
  expect(await app.descriptions('1.2.826.0.1.3680043.8.498.77.2')).toEqual(['AX T2 FLAIR']);
});

test('a series that is synthetic by its tags is refused as a source and has the watermark, whatever software made it', async ({
  viewer,
  phantom,
}) => {
  const [t1, t2] = threeSeries;
  const app = await viewer({
    studies: [await phantom(1, [{ ...t1, attributes: synthetic }, t2])],
    appConfig: tinyBundle,
  });
  await app.open();
  const refused = app.source('none');
  await expect(refused).toContainText('synthetic by its own tags');
  await expect(refused.getByRole('combobox')).toBeDisabled();
  await expect(app.source('t1')).toHaveCount(0);
  await expect(app.watermarks).toBeVisible();
});

test('leaving the study cancels its job and says so; a query change does not', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom()] });
  await app.open();
  await app.run.click();
  await expect(app.progress).toBeVisible();
  await app.page.evaluate(() => {
    history.pushState({}, '', `${location.href}&hangingProtocolId=default`);
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(app.viewports.first()).toBeVisible();
  // No patient looks like the phantom: its inputs are told in amber.
  await app.acceptWarnings();
  expect(await app.finished()).toBe('job/done');
  await expect(app.result('flair')).toBeVisible();

  await app.run.click();
  await expect(app.progress).toBeVisible();
  await app.page.click('[data-cy="return-to-work-list"]');
  await expect(app.page.getByText('its study was closed; nothing was kept')).toBeVisible();
  await app.page.goBack();
  await expect(app.message).toHaveAttribute('data-code', 'job/study-closed');
  // The first job's result stays with its study; the second job left nothing.
  const synthetic = (await app.descriptions()).filter(d => d.startsWith('SYNTHETIC'));
  expect(synthetic).toEqual(['SYNTHETIC FLAIR (CDM)']);
});
