import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { readPart10 } from './support/readPart10';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const root = path.resolve(import.meta.dirname, '../..');

test('how a result was made stands beside it, and the command line makes it again from its file', async ({
  viewer,
  phantom,
  folder,
}) => {
  const study = await phantom();
  const app = await viewer({ studies: [study], appConfig: tinyBundle });
  await app.open();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');

  const record = app.result('t1ce').locator('[data-cy="synthesis-record"]');
  await expect(record.locator('dl')).toBeHidden();
  await record.getByRole('button').focus();
  await app.page.keyboard.press('Enter');
  await expect(record.locator('dl')).toBeVisible();
  const bundle = readFileSync(path.join(root, 'models/bundles/cdm-tiny/bundle.json'));
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bundle)).toString('hex');
  for (const words of [
    `cdm-tiny`,
    sha256,
    'Sample (0: the most likely image)',
    'onnxruntime-web, wasm, fp32',
    'Source T2',
  ]) {
    await expect(record.locator('dl')).toContainText(words);
  }

  const download = app.page.waitForEvent('download');
  await app.page.click('[data-cy="synthesis-download"]');
  const zip = unzipSync(readFileSync(await (await download).path()));
  const images = Object.values(zip)
    .map(bytes => ({ bytes, read: readPart10(bytes) }))
    .sort((a, b) => Number(a.read.InstanceNumber) - Number(b.read.InstanceNumber));
  const file = path.join(folder, 'from-viewer.dcm');
  await writeFile(file, images[16].bytes);

  const out = path.join(folder, 'again');
  await mkdir(out);
  const { stdout } = await promisify(execFile)('node', [
    path.join(root, 'engine/src/node/bin.mjs'),
    ...['--again', file, '--study', study, '--out', out, '--json'],
  ]);
  const report = JSON.parse(stdout);
  expect(report.again.image).toBe(file);
  expect(report.again.largestDifference).toBeLessThanOrEqual(1e-3);

  const made = (await readdir(path.join(out, 't1ce'))).sort();
  expect(made).toHaveLength(images.length);
  let [largest, brightest] = [0, 0];
  for (const [k, name] of made.entries()) {
    const again = readPart10(await readFile(path.join(out, 't1ce', name)));
    for (const [i, value] of again.pixels.entries()) {
      largest = Math.max(largest, Math.abs(value - images[k].read.pixels[i]));
      brightest = Math.max(brightest, value);
    }
  }
  console.log(`largest difference between viewer and command line: ${largest} of 4096`);
  expect(brightest).toBeGreaterThan(1000);
  expect(largest / 4096).toBeLessThanOrEqual(1e-3);
});
