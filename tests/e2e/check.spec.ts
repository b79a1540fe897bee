import type { Locator } from '@playwright/test';
import { findings } from './support/findings';
import { holdWorkers } from './support/holdWorkers';
import { type SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** Of the tiny model, which nobody measured on patients: figures for T1 alone. */
const measured = {
  definition: 'Numbers of a test.',
  figures: [{ target: 't1', sources: ['t2'], psnr: [1, 2, 90], ssim: [-1, 0.9999], mae: [0.0001, 0.9, 1] }],
  foresight: { t1ce: { spearman: 0.12, interval: [-0.2, 0.41], patients: 30 } },
};

/** Runs a job with the tiny model, which says that it was measured as above. */
async function jobDone(app: SynthesisPage): Promise<Locator> {
  await app.page.route('**/cdm-tiny/bundle.json', async route => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), check: measured } });
  });
  await app.open();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  return app.result('t1ce').locator('[data-cy="synthesis-self-check"]');
}

const runOf = (check: Locator) => check.locator('[data-cy="synthesis-check-run"]');
const tableOf = (check: Locator) => check.locator('[data-cy="synthesis-check-table"]');

test('makes the acquired contrasts again on request, says how like they are, and leaves nothing when closed', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  const check = await jobDone(app);
  await expect(runOf(check)).toHaveText(/^Check on this patient \(about \d+ (s|min)\)$/);
  const recordOf = async () =>
    JSON.stringify((await app.readSeries('SYNTHETIC')).first.DerivationAlgorithmSequence);
  expect(await recordOf()).not.toContain('worseThan');

  await runOf(check).click();
  await expect(tableOf(check)).toBeVisible({ timeout: 200_000 });
  for (const role of ['t1', 't2'])
    await expect(check.locator(`[data-cy="synthesis-check-${role}"]`)).toContainText(/PSNR, dB\s*\d+\.\d\d/);
  const t1 = check.locator('[data-cy="synthesis-check-t1"]');
  await expect(t1).toContainText('T1 from T2');
  await expect(t1).toContainText('worse than 1 of 3');
  await expect(check.locator('[data-cy="synthesis-check-t2"]')).toContainText(
    'not measured on other patients',
  );
  await expect(check).toContainText(
    'The check shows how the tool works on this patient, not its error in T1 post-contrast: in 30 other patients their rank correlation was 0.12',
  );
  await expect(check).toContainText('A check of other contrasts tells nothing about enhancement.');
  expect(await findings(app)).toEqual([]);
  // The record of the result, which is not stored yet, has the figures.
  expect(await recordOf()).toContain('worseThan');

  await check.getByRole('button', { name: /^Show T1 as acquired/ }).click();
  await expect(app.viewports).toHaveCount(3);
  const captions = app.page.locator('[data-cy="synthesis-check-caption"]');
  await expect(captions).toHaveCount(2);
  await expect(captions.nth(0)).toHaveText('made again from the other contrasts, for comparison only');
  await expect(captions.nth(1)).toContainText('−30 %');
  await expect(app.watermarks).toHaveCount(2);
  expect((await app.descriptions()).filter(d => d.startsWith('CHECK'))).toEqual([
    'CHECK: SYNTHETIC T1 (CDM)',
    'CHECK: difference, SYNTHETIC T1 (CDM)',
  ]);
  const remade = await app.readSeries('CHECK: SYNTHETIC T1');
  const result = await app.readSeries('SYNTHETIC T1 post-contrast');
  expect(remade.first).toMatchObject({ SyntheticData: 'YES' });
  expect(remade.positions).toEqual(result.positions);
  expect(new Set(remade.pixels).size).toBeGreaterThan(100);

  await check.getByRole('button', { name: 'Close the check of Synthetic T1 post-contrast' }).click();
  await expect(tableOf(check)).toHaveCount(0);
  await expect.poll(async () => (await app.descriptions()).filter(d => d.startsWith('CHECK'))).toEqual([]);
  await expect(captions).toHaveCount(0);
  await expect(app.result('t1ce')).toBeVisible();
});

test('can be cancelled and run again, and no job starts meanwhile @long', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  const check = await jobDone(app);
  const letThrough = await holdWorkers(app.page);
  await runOf(check).click();
  await expect(check.getByRole('progressbar')).toBeVisible();
  await expect(app.run).toBeDisabled();
  await app.page.keyboard.press('Shift+S');
  await check.getByRole('button', { name: 'Cancel the check' }).click();
  await letThrough();
  await expect(check.locator('[data-cy="synthesis-check-message"]')).toHaveText('The check was cancelled.', {
    timeout: 30_000,
  });
  await runOf(check).click();
  await expect(tableOf(check)).toBeVisible({ timeout: 200_000 });
  expect((await app.descriptions()).filter(d => d.startsWith('SYNTHETIC'))).toHaveLength(1);
});

test('a site can require it before Accept', async ({ viewer, phantom }) => {
  const required = `${tinyBundle} window.config.modalitySynthesis.requireCheck = true;`;
  const app = await viewer({ studies: [await phantom()], appConfig: required });
  const check = await jobDone(app);
  const accept = app.result('t1ce').getByRole('button', { name: /^Accept/ });
  await expect(accept).toBeDisabled();
  await expect(app.result('t1ce')).toContainText(
    'This site asks for the check on this patient before Accept.',
  );
  await runOf(check).click();
  await expect(tableOf(check)).toBeVisible({ timeout: 200_000 });
  await expect(accept).toBeEnabled();
  await expect(app.result('t1ce')).not.toContainText('before Accept');
});
