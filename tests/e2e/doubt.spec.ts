import path from 'node:path';
import { findOrthanc, startDemo } from '@modality-synthesis/viewer/demo';
import { expectBrainOn } from './support/expectBrainOn';
import { readErrorMap } from './support/readErrorMap';
import { SynthesisPage } from './support/SynthesisPage';
import { expect, realStudy, test } from './support/test';

const demoStudy = path.resolve(import.meta.dirname, '../../viewer/demo-study/dicom');
const SYNTHETIC = 'SYNTHETIC FLAIR (CDM)';

const studies = [
  {
    name: 'the demo study @long',
    folderOf: async () => demoStudy,
    reference: 'AX T2 phantom',
    checked: [],
  },
  {
    // A trained network's check takes two minutes: it is run here alone.
    name: 'openms-26 @long',
    folderOf: (folder: string) => realStudy('openms-26', folder, ['flair']),
    reference: 'AX T1',
    checked: ['t1', 't2'],
  },
];

// Nothing from the real study, not even a picture, may enter the repository.
for (const { name, folderOf, reference, checked } of studies) {
  test(`${name}: with the trained bundle, from the first doubt to what another browser reads of it`, async ({
    page,
    browser,
    folder,
  }) => {
    test.skip(!findOrthanc(), 'Orthanc with its DICOMweb plugin is not on this machine');
    test.setTimeout(480_000);
    const demo = await startDemo({ studies: [await folderOf(folder)], port: 0, orthanc: true });
    try {
      const app = new SynthesisPage(page, demo);
      await app.open();
      await app.button.click();
      expect(await app.finished()).toBe('job/done');
      await expectBrainOn(app, SYNTHETIC, reference);

      await test.step('the hotkey shows the expected error, the keyboard moves its threshold', async () => {
        await page.keyboard.press('Shift+U');
        await page.keyboard.press('Shift+U');
        await expect(page.locator('[data-cy="error-map-overlay"]')).toBeChecked();
        await expect(page.locator('[data-cy="error-map"]')).toHaveCount(1);
        await expect(page.locator('[data-cy="error-map-legend"]')).toContainText(
          'Expected error, % of the white-matter signal',
        );
        const threshold = page.locator('[data-cy="error-map-threshold"]');
        const before = await threshold.getAttribute('aria-valuetext');
        await threshold.press('ArrowRight');
        await expect(threshold).not.toHaveAttribute('aria-valuetext', before!);
      });

      const checkTwice = async () => {
        const check = app.result('flair').locator('[data-cy="synthesis-self-check"]');
        const run = check.locator('[data-cy="synthesis-check-run"]');
        await expect(run).toHaveText(/about \d+ (s|min)/);
        await run.click();
        await check.locator('[data-cy="synthesis-check-cancel"]').click();
        await expect(check.locator('[data-cy="synthesis-check-message"]')).toHaveText(/cancelled/);
        await run.click();
        const table = check.locator('[data-cy="synthesis-check-table"]');
        await expect(table).toBeVisible({ timeout: 300_000 });
        for (const role of checked)
          await expect(table.locator(`[data-cy="synthesis-check-${role}"]`)).toContainText(/PSNR, dB\s*\d/);
      };
      if (checked.length > 0)
        await test.step('the check on this patient is cancelled, and run again', checkTwice);

      const made = await readErrorMap(page, SYNTHETIC);
      expect(made).toMatchObject({ unit: 'white-matter' });
      await page.locator('[data-cy="synthesis-accept"]').click();
      await expect(page.locator('[data-cy="synthesis-storage"]')).toContainText('Stored in the PACS', {
        timeout: 120_000,
      });
      const { pixels } = await app.readSeries(SYNTHETIC);

      await test.step('a new browser profile reads the same voxels', async () => {
        const profile = await browser.newContext();
        const again = new SynthesisPage(await profile.newPage(), demo);
        await again.open();
        await expect(again.thumbnails.filter({ hasText: SYNTHETIC }).first()).toBeVisible();
        expect(await readErrorMap(again.page, SYNTHETIC)).toEqual(made);
        const { pixels: stored } = await again.readSeries(SYNTHETIC);
        expect(stored).toEqual(pixels);
        await profile.close();
      });
    } finally {
      await page.close();
      await demo.close();
    }
  });
}
