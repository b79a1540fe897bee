import { readFileSync } from 'node:fs';
import type { Locator } from '@playwright/test';
import { unzipSync } from 'fflate';
import type { Fault } from './support/FaultyPacs';
import { readPart10 } from './support/readPart10';
import { type HostWindow, SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, type TestPacs, test } from './support/test';

const SYNTHETIC = 'SYNTHETIC T1 post-contrast';
/** Images of the reference, AX T2, and so of the result. */
const IMAGES = 28;
/** Two attempts, the second after 50 ms; of the images alone (error-map.spec.ts has their map). */
const quick =
  'Object.assign(window.config.modalitySynthesis, { storeTimeout: 10_000, storeRetryDelays: [50], storeUncertainty: false });';

type StartViewer = (options: {
  studies: string[];
  pacs: string;
  appConfig: string;
}) => Promise<SynthesisPage>;

async function synthesize(viewer: StartViewer, { proxy, study }: TestPacs): Promise<SynthesisPage> {
  const app = await viewer({ studies: [], pacs: proxy.url, appConfig: tinyBundle + quick });
  await app.open({ studies: [study] });
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  return app;
}

const storage = (app: SynthesisPage): Locator => app.page.locator('[data-cy="synthesis-storage"]').last();
const press = (app: SynthesisPage, action: 'accept' | 'reject' | 'download') =>
  app.page.locator(`[data-cy="synthesis-${action}"]`).last().click();
const stored = `Stored in the PACS: ${IMAGES} images, read back.`;

test('an accepted result is in the PACS: with watermark, on its grid, voxel-identical', async ({
  viewer,
  pacs,
  browser,
}) => {
  const app = await synthesize(viewer, pacs);
  const made = await app.readSeries(SYNTHETIC);
  expect(await pacs.images('SYNTHETIC')).toEqual([]);
  await press(app, 'accept');
  await expect(storage(app)).toHaveText(stored);
  await expect(app.page.locator('[data-cy="synthesis-accept"], [data-cy="synthesis-reject"]')).toHaveCount(0);
  expect(new Set(await pacs.images('SYNTHETIC')).size).toBe(IMAGES);
  expect(pacs.proxy.taken).toBe(IMAGES);

  await app.page.click('[data-cy="return-to-work-list"]');
  await expect(app.page.getByText(String(28 + 28 + IMAGES), { exact: true })).toBeVisible();
  await app.page.goBack();
  await expect(app.thumbnails).toHaveCount(3, { timeout: 60_000 });

  const profile = await browser.newContext();
  const page = await profile.newPage();
  const again = new SynthesisPage(page, { url: new URL(app.page.url()).origin, studies: [] });
  await again.open({ studies: [pacs.study] });
  await expect(again.thumbnails).toHaveCount(3);
  const read = await again.readSeries(SYNTHETIC);
  expect(read.positions).toEqual(made.positions);
  expect(read.orientation).toEqual(made.orientation);
  expect(read.spacing).toEqual(made.spacing);
  expect(read.size).toEqual(made.size);
  expect(read.pixels).toEqual(made.pixels);
  expect(new Set(read.pixels).size).toBeGreaterThan(100);
  await again.thumbnails.filter({ hasText: 'SYNTHETIC' }).dblclick();
  await expect(again.watermarks).toBeVisible();
  await profile.close();
});

/** Faults in the order of the test, with the panel's expected texts. */
const faults: [Fault, RegExp][] = [
  [401, /asks for a login \(HTTP 401\)/],
  [403, /may not store in this archive \(HTTP 403\)/],
  [409, /conflicting \(HTTP 409\)/],
  [413, /larger than the archive allows \(HTTP 413\)/],
  [500, /archive failed \(HTTP 500\)/],
  ['refused', /refused an image: out of resources \(0xA700\)/],
  ['silent', /did not answer in time/],
  ['cut', /archive (cannot be reached|failed \(HTTP 502\))/],
  ['gone', /archive (cannot be reached|failed \(HTTP 502\))/],
];

/** Each fault occurs after two more images of one result; in the end all are stored. */
async function strike(app: SynthesisPage, { proxy, images }: TestPacs): Promise<void> {
  const before = { taken: proxy.taken, images: (await images('SYNTHETIC')).length };
  for (const [n, [fault, words]] of faults.entries()) {
    proxy.fail({ fault, before: 2 });
    await press(app, 'accept');
    await expect(storage(app)).toHaveText(words, { timeout: 60_000 });
    await expect(storage(app)).toContainText(
      `the result stays here. ${2 * (n + 1)} of ${IMAGES} images are in the PACS.`,
    );
    await expect(storage(app)).toHaveRole('alert');
    await expect(app.result('t1ce').last()).toBeVisible();
    proxy.heal();
    expect(await images('SYNTHETIC')).toHaveLength(before.images + 2 * (n + 1));
  }
  await press(app, 'accept');
  await expect(storage(app)).toHaveText(stored);
  expect(new Set(await images('SYNTHETIC')).size).toBe(before.images + IMAGES);
  expect(proxy.taken).toBe(before.taken + IMAGES);
}

test('whatever goes wrong, the result stays, the panel says what happened, and Accept goes on', async ({
  viewer,
  pacs,
}) => {
  await strike(await synthesize(viewer, pacs), pacs);
});

test('the same three times @long', async ({ viewer, pacs }) => {
  test.setTimeout(600_000);
  const app = await synthesize(viewer, pacs);
  for (let round = 0; round < 3; round++) {
    if (round > 0) {
      await app.run.click();
      await app.finished();
    }
    await strike(app, pacs);
  }
});

test('what passes by itself needs no second press, and a lost answer doubles nothing', async ({
  viewer,
  pacs,
}) => {
  const app = await synthesize(viewer, pacs);
  pacs.proxy.fail(
    { fault: 'answer lost', before: 5, once: true },
    { fault: 500, before: 5, once: true },
    { fault: 'cut', before: 5, once: true },
    // The last image of all.
    { fault: 'answer lost', before: IMAGES - 17, once: true },
  );
  // A fault in the browser itself.
  let lost = 0;
  await app.page.route('**/dicom-web/studies', route =>
    route.request().method() === 'POST' && lost++ === 0 ? route.abort('connectionreset') : route.continue(),
  );
  await press(app, 'accept');
  await expect(storage(app)).toHaveText(stored);
  expect(lost).toBeGreaterThan(IMAGES);
  expect(pacs.proxy.taken).toBe(IMAGES);
  expect(new Set(await pacs.images('SYNTHETIC')).size).toBe(IMAGES);
});

/** Adds a length and a segmentation to the synthetic series that the viewports show. */
async function annotate(app: SynthesisPage): Promise<void> {
  await app.page.evaluate(async () => {
    const { commandsManager, services, cornerstoneTools } = window as unknown as HostWindow;
    const [made] = services.displaySetService
      .getActiveDisplaySets()
      .filter(d => d.SeriesDescription.startsWith('SYNTHETIC'));
    const metadata = { toolName: 'Length', referencedImageId: made.instances[0].url };
    cornerstoneTools.annotation.state.addAnnotation({ annotationUID: 'length', metadata, data: {} });
    const viewportId = services.viewportGridService.getState().activeViewportId;
    await commandsManager.runCommand('createLabelmapForViewport', { viewportId, options: {} });
  });
}

test('rejected, a result leaves nothing in the page or the PACS', async ({ viewer, pacs }) => {
  const app = await synthesize(viewer, pacs);
  // Volumes and all images in the cache, and a length measurement on the result.
  await app.page.click('[data-cy="Layout"]');
  await app.page.click('[data-cy="MPR"]');
  await expect(app.watermarks).toHaveCount(3);
  await app.readSeries(SYNTHETIC);
  await annotate(app);
  const before = await app.traces();
  expect(before).toMatchObject({
    ...{ displaySets: 1, metadata: IMAGES, known: IMAGES, cachedImages: IMAGES, cachedVolumes: 1 },
    ...{ datasets: IMAGES, annotations: 1, segmentations: 1, elements: 3, blobs: IMAGES },
  });
  await press(app, 'reject');
  await expect(app.thumbnails).toHaveCount(2);
  await expect(app.watermarks).toHaveCount(0);
  await expect(app.page.locator('[data-cy^="synthesis-result-"]')).toHaveCount(0);
  const gone = {
    ...{ displaySets: 0, metadata: 0, known: 0, cachedImages: 0, cachedVolumes: 0 },
    ...{ datasets: 0, annotations: 0, segmentations: 0, elements: 0, blobs: 0 },
  };
  await expect.poll(() => app.traces(before)).toMatchObject(gone);
  expect(await app.descriptions()).toEqual(['AX T1', 'AX T2']);
  expect(await pacs.images('SYNTHETIC')).toEqual([]);
  expect(pacs.proxy.taken).toBe(0);
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
});

test('an unsaved result survives the way to the study list, and closing the tab asks first', async ({
  viewer,
  pacs,
}) => {
  const app = await synthesize(viewer, pacs);
  const made = await app.readSeries(SYNTHETIC);
  await app.page.click('[data-cy="return-to-work-list"]');
  await app.page.getByText('PHANTOM-1', { exact: true }).waitFor();
  await app.page.goBack();
  await expect(app.thumbnails).toHaveCount(3, { timeout: 60_000 });
  await expect(app.result('t1ce')).toBeVisible();
  await expect(app.thumbnails.filter({ hasText: 'SYNTHETIC' }).locator('img')).toHaveAttribute(
    'src',
    /^data:/,
  );
  expect((await app.readSeries(SYNTHETIC)).pixels).toEqual(made.pixels);
  await app.result('t1ce').getByRole('button', { name: /^Show/ }).click();
  await expect(app.watermarks).toBeVisible();

  const question = app.page.waitForEvent('dialog');
  void app.page.close({ runBeforeUnload: true });
  const dialog = await question;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.dismiss();
  await press(app, 'accept');
  await expect(storage(app)).toHaveText(stored);
  expect(new Set(await pacs.images('SYNTHETIC')).size).toBe(IMAGES);
  const asked: string[] = [];
  app.page.on('dialog', async d => {
    asked.push(d.type());
    await d.accept();
  });
  await app.page.close({ runBeforeUnload: true });
  expect(asked).toEqual([]);
});

test("nothing leaves the page before Accept, which carries the viewer's authentication", async ({
  viewer,
  pacs,
  context,
}) => {
  const requests: { origin: string; method: string; protocol: string; authorization?: string }[] = [];
  context.on('request', request => {
    const { origin, protocol } = new URL(request.url());
    const { authorization } = request.headers();
    requests.push({ origin, protocol, method: request.method(), authorization });
  });
  const app = await synthesize(viewer, pacs);
  const own = new URL(app.page.url()).origin;
  expect(requests.filter(r => r.origin === own).length).toBeGreaterThan(100);
  expect(requests.filter(r => r.origin !== own && !['blob:', 'data:'].includes(r.protocol))).toEqual([]);
  expect(requests.filter(r => r.method !== 'GET')).toEqual([]);
  expect(pacs.proxy.taken).toBe(0);
  requests.length = 0;
  await app.page.evaluate(() =>
    (window as unknown as HostWindow).services.userAuthenticationService.setServiceImplementation({
      getAuthorizationHeader: () => ({ Authorization: 'Bearer token-of-the-session' }),
    }),
  );
  await press(app, 'accept');
  await expect(storage(app)).toHaveText(stored);
  const http = requests.filter(r => r.protocol === 'http:');
  expect(http.filter(r => r.method === 'POST')).toHaveLength(IMAGES);
  expect(http.filter(r => r.method === 'GET').length).toBeGreaterThan(0);
  expect(new Set(http.map(r => r.authorization))).toEqual(new Set(['Bearer token-of-the-session']));
});

test('where nothing can be stored the panel says so, and the download is a readable zip', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await app.open();
  await app.run.click();
  await app.finished();
  await press(app, 'accept');
  await expect(storage(app)).toContainText(/takes no images \(HTTP 40[45]\); download the result instead/);
  await expect(storage(app)).toContainText('the result stays here');
  const made = await app.readSeries(SYNTHETIC);
  const download = app.page.waitForEvent('download');
  await press(app, 'download');
  const zip = unzipSync(readFileSync(await (await download).path()));
  const names = Object.keys(zip).sort();
  expect(names).toHaveLength(IMAGES);
  expect(names[0]).toMatch(/^\d+_SYNTHETIC_T1_post-contrast_\(CDM\)\/IM0001\.dcm$/);
  const files = names.map(name => readPart10(zip[name]));
  expect(files.map(f => Number(f.InstanceNumber))).toEqual(files.map((_, n) => n + 1));
  expect(files[0].SyntheticData).toBe('YES');
  const shown = await app.page.evaluate(
    name =>
      (window as unknown as HostWindow).services.displaySetService
        .getActiveDisplaySets()
        .find(d => d.SeriesDescription.startsWith(name))!
        .instances.map(i => i.SOPInstanceUID),
    SYNTHETIC,
  );
  expect(files.map(f => f.SOPInstanceUID).sort()).toEqual(shown.sort());
  const total = files.flatMap(f => [...f.pixels]).reduce((a, b) => a + b, 0);
  expect(total).toBe(made.pixels.reduce((a, b) => a + b, 0));
});
