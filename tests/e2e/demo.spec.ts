import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findOrthanc, type RunningDemo, startDemo } from '@modality-synthesis/viewer/demo';
import type { Page } from '@playwright/test';
import { readPart10 } from './support/readPart10';
import { type ReadSeries, SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const root = path.resolve(import.meta.dirname, '../..');
const study = path.join(root, 'viewer/demo-study/dicom');

/** From the study list to the synthetic FLAIR by clicks alone, with nothing loaded from elsewhere. */
async function clickThrough(page: Page, demo: RunningDemo): Promise<SynthesisPage> {
  const origins = new Set<string>();
  page.on('request', request => origins.add(new URL(request.url()).origin));
  const app = new SynthesisPage(page, { url: demo.url, studies: demo.studies });
  await page.goto(demo.url);
  await page.getByText('PHANTOM').first().click();
  await page.getByRole('button', { name: 'Synthesis' }).click();
  await expect(app.panel).toContainText('FLAIR from T1, T1 post-contrast, T2', { timeout: 60_000 });
  await app.unfoldAll();
  for (const contrast of ['t1', 't1ce', 't2']) {
    await expect(app.source(contrast)).toBeVisible();
    await expect(app.picture(contrast)).toBeVisible();
  }
  await expect(app.target('flair')).toBeChecked();
  await app.button.click();
  await expect(app.result('flair')).toContainText('Predicted, not measured', { timeout: 180_000 });
  await expect(app.watermarks).toBeVisible();
  expect([...origins].filter(o => o !== 'null' && o !== demo.url)).toEqual([]);
  return app;
}

test('from the study list to the synthetic FLAIR, by clicks alone, on Orthanc', async ({ page }) => {
  test.skip(!findOrthanc(), 'Orthanc with its DICOMweb plugin is not on this machine');
  const demo = await startDemo({ studies: [study], port: 0, orthanc: true });
  try {
    // The shipped model's pixels are the next test's.
    await page.route('**/app-config.js', async route => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}\n${tinyBundle}` });
    });
    await clickThrough(page, demo);
  } finally {
    await page.close();
    await demo.close();
  }
});

test('the same on the read-only server, with pixels that the command line makes within 1e-3 @long', async ({
  page,
  folder,
}) => {
  const demo = await startDemo({ studies: [study], port: 0, orthanc: false });
  let shown: ReadSeries;
  try {
    shown = await (await clickThrough(page, demo)).readSeries('SYNTHETIC FLAIR');
  } finally {
    await page.close();
    await demo.close();
  }
  const args = ['--study', study, '--target', 'flair', '--out', folder, '--json'];
  const report = JSON.parse(
    execFileSync('npm', ['run', '--silent', 'synthesize', '--', ...args], { cwd: root, encoding: 'utf8' }),
  );
  const made = path.join(folder, 'flair');
  expect(report.outputs[0].files).toHaveLength(readdirSync(made).length);
  const slices = readdirSync(made)
    .map(name => readPart10(readFileSync(path.join(made, name))))
    .sort((a, b) => Number(a.InstanceNumber) - Number(b.InstanceNumber));
  const pixels = slices.flatMap(s => [...s.pixels]);
  expect(slices.map(s => (s.ImagePositionPatient as unknown[]).map(Number))).toEqual(shown.positions);
  expect(pixels).toHaveLength(shown.pixels.length);
  const most = pixels.reduce((most, v, i) => Math.max(most, Math.abs(v - shown.pixels[i])), 0) / 4096;
  console.log(`largest difference viewer to command line: ${most.toExponential(1)}`);
  expect(pixels.some(v => v > 1000)).toBe(true);
  expect(most).toBeLessThanOrEqual(1e-3);
});
