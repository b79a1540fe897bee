import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findOrthanc, startDemo } from '@modality-synthesis/viewer/demo';
import { readPart10 } from './support/readPart10';
import { SynthesisPage } from './support/SynthesisPage';
import { expect, test } from './support/test';

const root = path.resolve(import.meta.dirname, '../..');
const study = path.join(root, 'viewer/demo-study/dicom');

for (const orthanc of [true, false]) {
  const store = orthanc ? 'Orthanc' : 'the read-only server';
  test(`from the study list to the synthetic FLAIR, by clicks alone, on ${store}`, async ({ page }) => {
    test.skip(orthanc && !findOrthanc(), 'Orthanc with its DICOMweb plugin is not on this machine');
    const demo = await startDemo({ studies: [study], port: 0, orthanc });
    try {
      const origins = new Set<string>();
      page.on('request', request => origins.add(new URL(request.url()).origin));
      const app = new SynthesisPage(page, { url: demo.url, studies: demo.studies });
      await page.goto(demo.url);
      await page.getByText('PHANTOM').first().click();
      await page.getByRole('button', { name: 'Synthesis' }).click();
      for (const contrast of ['t1', 't1ce', 't2'])
        await expect(app.source(contrast)).toBeVisible({ timeout: 60_000 });
      await expect(app.target('flair')).toBeChecked();
      await app.button.click();
      await expect(app.result('flair')).toContainText('Predicted, not measured', { timeout: 180_000 });
      await expect(app.watermarks).toBeVisible();
      expect([...origins].filter(o => o !== 'null' && o !== demo.url)).toEqual([]);
    } finally {
      await page.close();
      await demo.close();
    }
  });
}

test('viewer and command line agree within 1e-3', async ({ viewer }) => {
  const app = await viewer({ studies: [study] });
  await app.open();
  await app.run.click();
  await app.finished();
  const shown = await app.readSeries('SYNTHETIC FLAIR');
  const out = mkdtempSync(path.join(os.tmpdir(), 'modality-synthesis-cli-'));
  try {
    const args = [
      'run',
      '--silent',
      'synthesize',
      '--',
      '--study',
      study,
      '--target',
      'flair',
      '--out',
      out,
      '--json',
    ];
    const report = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' }));
    const folder = path.join(out, 'flair');
    expect(report.outputs[0].files).toHaveLength(readdirSync(folder).length);
    const slices = readdirSync(folder)
      .map(name => readPart10(readFileSync(path.join(folder, name))))
      .sort((a, b) => Number(a.InstanceNumber) - Number(b.InstanceNumber));
    const pixels = slices.flatMap(s => [...s.pixels]);
    expect(slices.map(s => (s.ImagePositionPatient as unknown[]).map(Number))).toEqual(shown.positions);
    expect(pixels).toHaveLength(shown.pixels.length);
    const most = pixels.reduce((most, v, i) => Math.max(most, Math.abs(v - shown.pixels[i])), 0) / 4096;
    console.log(`largest difference viewer to command line: ${most.toExponential(1)}`);
    expect(pixels.some(v => v > 1000)).toBe(true);
    expect(most).toBeLessThanOrEqual(1e-3);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
