import { execFileSync } from 'node:child_process';
import path from 'node:path';
import {
  phantomDatasets,
  studyUid,
  twoSeries,
  writeDatasets,
} from '@modality-synthesis/engine/testing/phantomStudy';
import { hasTool } from '@modality-synthesis/engine/testing/tools';
import type { ViewerVersion } from '@modality-synthesis/viewer/setup';
import type { Page } from '@playwright/test';
import { replaceTable } from '../replaceTable';
import { hasBrotli, hasNginx, type RunningNginx } from './support/nginx';
import { nginxPage, serveByNginx, watchErrors, watchPolicy } from './support/nginxViewer';
import { expectSeen } from './support/pixels';
import type { SynthesisPage } from './support/SynthesisPage';
import { expect, test } from './support/test';
import { saidOfThreads } from './support/threads';

// One after the other: the last writes the table of all.
test.describe.configure({ mode: 'serial' });

const root = path.resolve(import.meta.dirname, '../..');
const SYNTHETIC = 'SYNTHETIC T1 post-contrast';
const STEPS = ['open', 'synthesize', 'mark', 'accept', 'reload', 'reject'] as const;

/** Steps that passed, by version. */
const passed = new Map<ViewerVersion, (typeof STEPS)[number][]>();

/** OHIF's menus lock scrolling by a style that depends on the window: documented, and of no consequence. */
const isScrollLock = (text: string) => text.includes('.with-scroll-bars-hidden');

const synthetic = (app: SynthesisPage) => app.thumbnails.filter({ hasText: 'SYNTHETIC' });

async function openStudy(page: Page, nginx: RunningNginx, study: string, base?: string) {
  const app = nginxPage(page, nginx, base);
  await app.open({ studies: [study] });
  return app;
}

async function makeSeries(app: SynthesisPage): Promise<void> {
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
}

for (const version of ['3.13.2', '3.12.10', '3.14.0-beta.6'] as const) {
  const long = version === '3.13.2' ? '' : ' @long';
  test(`OHIF ${version} behind nginx under a sub-path, with the strict policy${long}`, async ({
    page,
    browserName,
    folder,
    pacs,
  }) => {
    test.skip(!hasNginx(), 'nginx is not on this machine');
    const nginx = await serveByNginx(folder, pacs.proxy.url, { version });
    const done: (typeof STEPS)[number][] = [];
    passed.set(version, done);
    try {
      const forbidden = await watchPolicy(page);
      const errors = watchErrors(page);
      const app = await openStudy(page, nginx, pacs.study);
      done.push('open');
      await makeSeries(app);
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      await expect(app.message).toContainText(saidOfThreads(browserName));
      done.push('synthesize');
      await expectSeen(app);
      done.push('mark');
      await page.locator('[data-cy="synthesis-accept"]').last().click();
      await expect(page.locator('[data-cy="synthesis-storage"]').last()).toContainText('read back');
      done.push('accept');
      const made = await app.readSeries(SYNTHETIC);
      expect(await forbidden()).toEqual([]);
      await page.reload();
      await app.ready();
      await expect(synthetic(app)).toHaveCount(1, { timeout: 60_000 });
      expect((await app.readSeries(SYNTHETIC)).pixels).toEqual(made.pixels);
      done.push('reload');
      await makeSeries(app);
      await expect(synthetic(app)).toHaveCount(2);
      await page.locator('[data-cy="synthesis-reject"]').last().click();
      await expect(synthetic(app)).toHaveCount(1);
      done.push('reject');
      await app.unfoldAll();
      await page.getByRole('combobox').first().click();
      await expect(page.getByRole('option').first()).toBeVisible();
      expect((await forbidden()).filter(text => !isScrollLock(text))).toEqual([]);
      expect(errors).toEqual([]);
    } finally {
      await page.close();
      await nginx.close();
    }
  });
}

test('at the root, on one thread, with brotli: compressed images, caching, types @long', async ({
  page,
  folder,
  pacs,
  orthanc,
}) => {
  test.skip(!hasNginx() || !hasBrotli() || !hasTool('dcmcjpls'), 'nginx, its brotli or dcmtk is not here');
  const nginx = await serveByNginx(folder, pacs.proxy.url, {
    base: '/',
    configure: text => text.replace(/.*Cross-Origin-.*\n/g, '').replaceAll('# brotli', 'brotli'),
  });
  const series = phantomDatasets({ number: 5, series: twoSeries });
  const [lossless, jpeg] = await Promise.all(
    series.map((s, n) => writeDatasets(path.join(folder, `${n}`), s)),
  );
  for (const [tool, files] of [['dcmcjpls', lossless] as const, ['dcmcjpeg', jpeg] as const])
    for (const file of files) execFileSync(tool, [file, file]);
  await orthanc!.load([...lossless, ...jpeg]);
  try {
    const forbidden = await watchPolicy(page);
    const app = await openStudy(page, nginx, studyUid(5), '/');
    await makeSeries(app);
    await expect(app.message).toContainText('1 thread)');
    await expectSeen(app);
    expect((await forbidden()).filter(text => !isScrollLock(text))).toEqual([]);
    const header = async (name: string, file: string) => {
      const response = await fetch(`${nginx.url}/${file}`, { headers: { 'Accept-Encoding': 'br' } });
      await response.arrayBuffer();
      return response.headers.get(name);
    };
    const ort = 'ohif-extension-modality-synthesis/ort/ort-wasm-simd-threaded.jspi';
    const bundle = /app\.bundle\.\w+\.js/.exec(await (await fetch(nginx.url)).text())?.[0] ?? '';
    expect(await header('Cache-Control', bundle)).toBe('public, max-age=31536000, immutable');
    expect(await header('Cache-Control', '')).toBe('no-cache');
    expect(await header('Cache-Control', `${ort}.wasm`)).toBe('no-cache');
    expect(await header('Content-Encoding', bundle)).toBe('br');
    expect(await header('Content-Encoding', `${ort}.wasm`)).toBe('br');
    expect(await header('Content-Type', `${ort}.wasm`)).toBe('application/wasm');
    expect(await header('Content-Type', `${ort}.mjs`)).toBe('text/javascript');
    expect((await fetch(`${nginx.url}/missing.js`)).status).toBe(404);
  } finally {
    await page.close();
    await nginx.close();
  }
});

test.afterAll(({ browserName }) => {
  if (passed.size < 3) return;
  const rows = [...passed]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([version, done]) => [version, ...STEPS.map(step => (done.includes(step) ? 'yes' : 'no'))]);
  replaceTable(path.join(root, 'docs/deployment.md'), `versions-${browserName}`, [
    `| OHIF | ${STEPS.join(' | ')} |`,
    `|---|${STEPS.map(() => '---|').join('')}`,
    ...rows.map(row => `| ${row.join(' | ')} |`),
  ]);
});
