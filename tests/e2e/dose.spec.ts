import path from 'node:path';
import { findOrthanc, OFFERED_MODELS, startDemo } from '@modality-synthesis/viewer/demo';
import { SynthesisPage } from './support/SynthesisPage';
import { expect, test } from './support/test';

const study = path.resolve(import.meta.dirname, '../../viewer/demo-study/dicom');
const LESS = 'SYNTHETIC T1 post-contrast (CCDM, given-dose 25, dose 51)';
const FULL = 'SYNTHETIC T1 post-contrast (CCDM, given-dose 25, dose 100)';

const mean = (pixels: Float32Array) => pixels.reduce((sum, v) => sum + v, 0) / pixels.length;

test('the full dose of the demo study, from its quarter of it, and less by the slider; stored and reloaded @long', async ({
  page,
}) => {
  test.skip(!findOrthanc(), 'Orthanc with its DICOMweb plugin is not on this machine');
  test.setTimeout(600_000);
  const demo = await startDemo({ studies: [study], port: 0, orthanc: true, appConfig: OFFERED_MODELS });
  try {
    const app = new SynthesisPage(page, demo);
    await app.open();
    await expect(app.panel).toContainText('FLAIR from T1, T1 post-contrast, T2');
    const model = page.locator('[data-cy="synthesis-model"]');
    await model.click();
    await page.getByRole('option', { name: /^CCDM brain MR/ }).click();
    await expect(app.panel).toContainText('Research on a full-dose T1 post-contrast image');
    // The full dose was acquired: nothing is missing, and the low dose is not taken for it.
    await expect(app.source('t1ce')).toContainText('AX T1 POST GD phantom');
    await expect(app.source('t1ce-low')).toContainText('25% dose');
    await expect(app.target('t1')).toBeHidden();
    await app.choose(app.source('t1ce'), 'not used');
    await expect(app.panel).toContainText('T1 post-contrast from T1, Low-dose T1 post-contrast');
    await expect(app.target('t1ce')).toBeChecked();
    for (const other of ['t1', 't2', 't1ce-low']) await expect(app.target(other)).toBeHidden();

    const given = page.locator('[data-cy="synthesis-parameter-t1ce-given-dose"]');
    const slider = page.locator('[data-cy="synthesis-slider-t1ce-dose"]');
    await expect(given).toHaveValue('25');
    await expect(given).toHaveAccessibleDescription(/25 % of the full dose: the description says/);
    await expect(slider).toHaveAccessibleName('Simulated dose that the result shows');
    await expect(slider).toHaveAttribute('aria-valuetext', '100 %');
    await app.run.click();
    expect(await app.finished()).toBe('job/done');
    const result = app.result('t1ce').first();
    await expect(result).toContainText('Predicted, not measured.');
    await expect(app.watermarks).toBeVisible();
    const full = await app.readSeries(FULL);

    await test.step('the slider goes by keyboard, moves no slice, and warns below what was given', async () => {
      const { index } = await app.shownSlice();
      await slider.focus();
      await page.keyboard.press('Home');
      await expect(slider).toHaveAttribute('aria-valuetext', '5 %');
      await expect(app.check('parameters')).toContainText('less than the 25 % that the low-dose series had');
      await slider.fill('50');
      await page.keyboard.press('ArrowRight');
      await expect(slider).toHaveAttribute('aria-valuetext', '51 %');
      expect((await app.shownSlice()).index).toBe(index);
    });
    await app.run.click();
    expect(await app.finished()).toBe('job/done');
    const less = await app.readSeries(LESS);
    expect(less.pixels).toHaveLength(full.pixels.length);
    const changed = full.pixels.filter((v, i) => Math.abs(v - less.pixels[i]) > 20);
    expect(changed.length).toBeGreaterThan(1000);
    console.log(`mean at 100 % ${mean(full.pixels).toFixed(1)}, at 51 % ${mean(less.pixels).toFixed(1)}`);

    await page.locator('[data-cy="synthesis-accept"]').last().click();
    await expect(page.locator('[data-cy="synthesis-storage"]').last()).toContainText('Stored', {
      timeout: 120_000,
    });
    await app.open();
    const stored = (await app.descriptions()).filter(name => name.startsWith('SYNTHETIC'));
    expect(stored).toEqual([LESS, `${LESS} expect`]);
    const { first } = await app.readSeries(stored[0]);
    expect(first.ImageType).toContain('DERIVED');
    expect(first.SyntheticData ?? first['0008001C']).toBe('YES');
    expect(JSON.stringify(first)).toContain('given-dose');
    await app.thumbnails.filter({ hasText: 'SYNTHETIC' }).dblclick();
    await expect(app.watermarks).toContainText('SYNTHETIC');
  } finally {
    await page.close();
    await demo.close();
  }
});
