import { threeSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

test('one click synthesizes the missing contrast on the reference grid and shows it with watermark', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom(1, threeSeries)], appConfig: tinyBundle });
  const origins = new Set<string>();
  app.page.on('request', request => origins.add(new URL(request.url()).origin));
  await app.open();
  // Our mode opens the middle slice.
  const { index, slices } = await app.shownSlice();
  expect(slices).toBeGreaterThan(10);
  expect(index).toBe(Math.ceil((slices - 1) / 2));
  for (const role of ['t1', 't2', 'flair']) await expect(app.source(role)).toBeVisible();
  await expect(app.target('t1ce')).toBeChecked();
  // A site that does not serve the whole folder is told which one; the next press tries again.
  await app.page.route('**/worker.js?*', route => route.abort());
  await app.button.click();
  expect(await app.finished()).toBe('provider/runtime-unreachable');
  await expect(app.message).toContainText("Check that the extension's public folder is served.");
  await app.page.unroute('**/worker.js?*');
  const progress = await app.watchProgress();
  // A window of the user's own is the acquired series' only.
  await app.changeWindow();
  await expect(app.overlay).not.toHaveText('W:1000L:500');

  await app.button.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.message).toContainText('Synthetic T1 post-contrast made');

  const seen = await progress();
  expect(seen.length).toBeGreaterThan(5);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(100);

  await expect(app.result('t1ce')).toContainText('Predicted, not measured.');
  await expect(app.result('t1ce')).toContainText('absence of enhancement in it excludes nothing');
  const card = app.result('t1ce').locator('[data-cy="synthesis-model-card"]');
  await expect(card.getByText('Limitations', { exact: true })).toBeHidden();
  await card.getByRole('button').focus();
  await app.page.keyboard.press('Enter');
  await expect(card.getByText('Limitations', { exact: true })).toBeVisible();
  await expect(app.watermarks).toBeVisible();
  await expect(app.thumbnails).toHaveCount(4);

  const made = await app.readSeries('SYNTHETIC T1 post-contrast');
  const reference = await app.readSeries('AX T2');
  expect(made.positions).toEqual(reference.positions);
  expect(made.orientation).toEqual(reference.orientation);
  expect(made.spacing).toEqual(reference.spacing);
  expect(made.size).toEqual(reference.size);
  expect(new Set(made.pixels).size).toBeGreaterThan(100);
  // It is displayed with its own window, and the overlay says so; so is an acquired series after it.
  const { WindowWidth, WindowCenter } = made.first;
  expect(Number(WindowWidth)).toBeLessThan(4096);
  await expect(app.overlay).toHaveText(`W:${WindowWidth}L:${WindowCenter}`);
  await app.thumbnails.filter({ hasText: 'AX T2' }).first().dblclick();
  await expect(app.overlay).toHaveText('W:1000L:500');
  await app.result('t1ce').getByRole('button', { name: /^Show/ }).click();
  await expect(app.overlay).toHaveText(`W:${WindowWidth}L:${WindowCenter}`);
  expect(made.first).toMatchObject({
    SyntheticData: 'YES',
    ImageType: ['DERIVED', 'SECONDARY', 'OTHER'],
    Modality: 'MR',
  });
  expect(made.first.DerivationDescription).toContain('predicted, not measured');
  expect(made.first.StudyInstanceUID).toBe(reference.first.StudyInstanceUID);
  for (const acquired of ['RepetitionTime', 'EchoTime', 'InversionTime', 'FlipAngle', 'ContrastBolusAgent']) {
    expect(made.first[acquired] || undefined, acquired).toBeUndefined();
  }
  expect([...origins].filter(o => o !== 'null' && o !== new URL(app.page.url()).origin)).toEqual([]);
});

test('the same seed gives identical pixels, another seed others @long', async ({ viewer, phantom }) => {
  const app = await viewer({
    studies: [await phantom()],
    appConfig: `${tinyBundle} window.config.modalitySynthesis.seed = Number(new URLSearchParams(location.search).get('seed'));`,
  });
  const pixels = async (seed: number) => {
    await app.open({ query: `&seed=${seed}` });
    await app.run.click();
    await app.finished();
    return (await app.readSeries('SYNTHETIC')).pixels;
  };
  const first = await pixels(3);
  expect(await pixels(3)).toEqual(first);
  expect(await pixels(4)).not.toEqual(first);
});

test('a second click while a job runs does not start another', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()] });
  await app.open();
  await app.button.click();
  await expect(app.progress).toBeVisible();
  await app.button.click();
  await app.page.keyboard.press('Shift+S');
  await app.cancel.click();
  await app.finished();
  expect((await app.descriptions()).filter(d => d.startsWith('SYNTHETIC'))).toEqual([]);
});

test('cancel half-way leaves no series, and the next run works', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()] });
  await app.open();
  await app.run.click();
  // No patient looks like the phantom: its inputs are told in amber.
  await app.acceptWarnings();
  await expect(app.progress).toHaveAttribute('aria-valuetext', /Predicting|Making/, { timeout: 90_000 });
  await app.cancel.click();
  expect(await app.finished(20_000)).toBe('job/cancelled');
  await expect(app.thumbnails).toHaveCount(2);
  expect(await app.descriptions()).toEqual(['AX T1', 'AX T2']);
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.thumbnails).toHaveCount(3);
});

test('a person changes a contrast, the target follows', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom(1, threeSeries)], appConfig: tinyBundle });
  await app.open();
  await app.choose(app.source('flair'), 'not used');
  await expect(app.source('flair')).toHaveCount(0);
  await app.target('t1ce').uncheck();
  await app.target('flair').check();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.result('flair').locator('.ms-warning')).toHaveText(['Predicted, not measured.']);
});

test('the hotkey does what the button does; the result beside its sources scrolls with its reference, and works in MPR', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await app.open();
  await app.page.keyboard.press('Shift+S');
  expect(await app.finished()).toBe('job/done');
  await app
    .result('t1ce')
    .getByRole('button', { name: /^Compare/ })
    .click();
  await expect(app.viewports).toHaveCount(4);
  // Without T1, which has other slices.
  const slices = () =>
    app.page.evaluate(() =>
      (window as unknown as import('./support/SynthesisPage').HostWindow).cornerstone
        .getEnabledElements()
        .slice(1)
        .map(e => e.viewport.getCurrentImageIdIndex()),
    );
  await expect(app.watermarks).toHaveCount(2);
  await expect.poll(async () => (await slices())[0]).toBe(14);
  await app.viewports.nth(2).hover();
  for (let n = 0; n < 4; n++) await app.page.mouse.wheel(0, 100);
  await expect.poll(async () => new Set(await slices()).size === 1 && (await slices())[0] > 14).toBe(true);

  await app.page.click('[data-cy="Layout"]');
  await app.page.click('[data-cy="MPR"]');
  await expect(app.viewports).toHaveCount(3);
  await expect(app.watermarks).toHaveCount(3);
});
