import type { Page } from '@playwright/test';
import { SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const SYNTHETIC = 'SYNTHETIC T1 post-contrast';
/** What two tabs make, each something else. */
const SYNTHETIC_OF = [SYNTHETIC, 'SYNTHETIC FLAIR'];
/** Without the maps of their expected errors. */
const imagesOnly = 'window.config.modalitySynthesis.storeUncertainty = false;';
/** Images of the reference, and so of a result. */
const IMAGES = 28;

/** SHA-256 of the networks in the browser's cache, which all tabs share. */
const networks = (page: Page) =>
  page.evaluate(async () => {
    const cache = await caches.open('modality-synthesis-networks');
    return (await cache.keys()).map(({ url }) => url).sort();
  });

/** Several tabs store at once, on whatever the machine has. */
const expectStored = ({ page }: SynthesisPage) =>
  expect(page.locator('[data-cy="synthesis-storage"]')).toHaveAttribute('data-kind', 'stored', {
    timeout: 120_000,
  });

type Fixtures = Pick<Parameters<Parameters<typeof test>[2]>[0], 'viewer' | 'pacs' | 'context'>;

/** The first tab, not opened yet, and the networks that any tab downloads from now on. */
async function firstTab({ viewer, pacs, context }: Fixtures) {
  // One thread a tab: the threads of several would wait for one another on two cores.
  const first = await viewer({
    studies: [],
    pacs: pacs.proxy.url,
    appConfig: tinyBundle + imagesOnly,
    crossOriginIsolated: false,
  });
  const downloaded: string[] = [];
  context.on('request', request => request.url().endsWith('.onnx') && downloaded.push(request.url()));
  return { first, downloaded };
}

test('two tabs and a window with one study work at once: each has its result, one PACS has all of them @long', async ({
  viewer,
  pacs,
  context,
}) => {
  const { first, downloaded } = await firstTab({ viewer, pacs, context });
  await first.open({ studies: [pacs.study] });
  await first.run.click();
  expect(await first.finished()).toBe('job/done');
  const alone = await first.readSeries(SYNTHETIC);
  const cached = await networks(first.page);
  expect(cached.length).toBeGreaterThan(0);
  expect(downloaded.length).toBeGreaterThan(0);
  await first.page.click('[data-cy="synthesis-reject"]');
  await expect(first.thumbnails).toHaveCount(2);

  const tab = new SynthesisPage(await context.newPage(), first.viewer);
  const [popup] = await Promise.all([
    context.waitForEvent('page'),
    first.page.evaluate(() => void window.open('about:blank', '', 'popup,noopener,width=1500,height=900')),
  ]);
  const other = new SynthesisPage(popup, first.viewer);
  const all = [first, tab, other];
  for (const app of [tab, other]) await app.open({ studies: [pacs.study] });
  downloaded.length = 0;
  for (const app of all) await app.run.click();
  for (const app of all) {
    expect(await app.finished()).toBe('job/done');
    const made = await app.readSeries(SYNTHETIC);
    expect(made.pixels).toEqual(alone.pixels);
    expect(made.positions).toEqual(alone.positions);
  }
  expect(await networks(first.page)).toEqual(cached);
  expect(downloaded).toEqual([]);

  for (const app of all) await app.page.click('[data-cy="synthesis-accept"]');
  for (const app of all) await expectStored(app);
  expect(new Set(await pacs.images(SYNTHETIC)).size).toBe(all.length * IMAGES);
});

test('two tabs with an empty browser fetch the model once, and store what each of them made @long', async ({
  viewer,
  pacs,
  context,
}) => {
  const { first, downloaded } = await firstTab({ viewer, pacs, context });
  const second = new SynthesisPage(await context.newPage(), first.viewer);
  const tabs = [first, second];
  for (const app of tabs) await app.open({ studies: [pacs.study] });
  await second.target('t1ce').uncheck();
  await second.target('flair').check();
  await Promise.all(tabs.map(app => app.run.click()));
  for (const app of tabs) expect(await app.finished()).toBe('job/done');
  expect(downloaded.length).toBeGreaterThan(0);
  // What only the second's target needs it fetches itself.
  expect(new Set(downloaded).size).toBe(downloaded.length);
  const made = await Promise.all(tabs.map((app, n) => app.readSeries(SYNTHETIC_OF[n])));

  await Promise.all(tabs.map(app => app.page.click('[data-cy="synthesis-accept"]')));
  for (const app of tabs) await expectStored(app);
  for (const description of SYNTHETIC_OF) expect(new Set(await pacs.images(description)).size).toBe(IMAGES);
  await second.page.close();
  await first.page.reload();
  await first.ready();
  await expect(first.thumbnails).toHaveCount(4, { timeout: 60_000 });
  for (const [n, description] of SYNTHETIC_OF.entries())
    expect((await first.readSeries(description)).pixels).toEqual(made[n].pixels);
});
