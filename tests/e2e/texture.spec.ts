import path from 'node:path';
import { findOrthanc, OFFERED_MODELS, startDemo } from '@modality-synthesis/viewer/demo';
import { SynthesisPage } from './support/SynthesisPage';
import { expect, test } from './support/test';

const study = path.resolve(import.meta.dirname, '../../viewer/demo-study/dicom');
const SLAB = /^SYNTHETIC FLAIR \(CMDM, slices \d+-\d+\)$/;

test('texture for nine slices of the demo study, in less than a minute; stored and reloaded @long', async ({
  page,
}) => {
  test.skip(!findOrthanc(), 'Orthanc with its DICOMweb plugin is not on this machine');
  test.setTimeout(600_000);
  const demo = await startDemo({ studies: [study], port: 0, orthanc: true, appConfig: OFFERED_MODELS });
  try {
    const app = new SynthesisPage(page, demo);
    await app.open();
    await page.locator('[data-cy="synthesis-model"]').click();
    await page.getByRole('option', { name: /^CMDM brain MR/ }).click();
    await expect(app.panel).toContainText('with the texture of an acquired image');
    await expect(app.target('flair')).toBeChecked();
    // Nothing was measured on this machine yet.
    await page.locator('[data-cy="synthesis-some-slices"]').check();
    const started = Date.now();
    await app.run.click();
    expect(await app.finished()).toBe('job/done');
    console.log(`nine slices of FLAIR: ${((Date.now() - started) / 1000).toFixed(1)} s`);
    await expect(app.result('flair')).toContainText(/Slices \d+ to \d+ of the reference only/);
    await expect(app.watermarks).toBeVisible();
    await page.screenshot({ path: test.info().outputPath('texture.png') });

    await page.locator('[data-cy="synthesis-accept"]').click();
    await expect(page.locator('[data-cy="synthesis-storage"]')).toContainText('Stored', { timeout: 120_000 });
    await app.open();
    const stored = (await app.descriptions()).filter(name => name.startsWith('SYNTHETIC'));
    expect(stored[0]).toMatch(SLAB);
    const { first } = await app.readSeries(stored[0]);
    expect(first.ImageType).toContain('DERIVED');
    expect(first.SyntheticData ?? first['0008001C']).toBe('YES');
    expect(JSON.stringify(first)).toContain('cmdm-brain-mr');
    await app.thumbnails.filter({ hasText: 'SYNTHETIC' }).first().dblclick();
    await expect(app.watermarks).toContainText('SYNTHETIC');
  } finally {
    await page.close();
    await demo.close();
  }
});
