import type { BrowserContext } from '@playwright/test';
import { findings } from './support/findings';
import { SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** Every file of a network that any page or worker asks for; each call returns those since the last. */
function recordFetches(context: BrowserContext): () => string[] {
  const fetched: string[] = [];
  context.on('request', request => {
    const { pathname } = new URL(request.url());
    if (/\/bundles\/.*\.(onnx|bin)$/.test(pathname)) fetched.push(pathname);
  });
  return () => fetched.splice(0);
}

async function makeSeries(app: SynthesisPage): Promise<void> {
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
}

test('the model is announced, fetched once for all tabs of all days, shown and removed @long', async ({
  viewer,
  phantom,
  context,
}) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  const fetched = recordFetches(context);
  await app.open();
  const announced = app.page.locator('[data-cy="synthesis-download-first"]');
  await expect(announced).toHaveText(/^\d+\.\d MB of the model are downloaded first$/);
  await expect(app.run).toHaveAccessibleDescription(/MB of the model/);
  await makeSeries(app);
  const first = fetched();
  expect(first.length).toBeGreaterThan(1);
  await expect(announced).toHaveCount(0);
  // All that a job leaves in the browser: networks, their bundles' addresses, its speed by model and backend.
  const left = await app.page.evaluate(async () => ({
    caches: (await caches.keys()).filter(name => name.startsWith('modality-synthesis')).sort(),
    keys: Object.keys(localStorage).filter(key => key.startsWith('modality-synthesis')),
    values: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  }));
  expect(left.caches).toEqual(['modality-synthesis-bundles', 'modality-synthesis-networks']);
  const speeds = left.keys.filter(key => /^modality-synthesis\.speed\./.test(key));
  expect([left.keys, speeds.length]).toEqual([speeds, 2]);
  expect(left.values).not.toMatch(/PHANTOM|SYNTHETIC/);
  await app.page.close();

  const later = new SynthesisPage(await context.newPage(), app.viewer);
  await later.open();
  await expect(later.check('download')).toHaveAttribute('data-code', 'preflight/download-none');
  await makeSeries(later);
  expect(fetched()).toEqual([]);

  const section = later.page.locator('[data-cy="synthesis-kept-models"]');
  const kept = later.page.locator('[data-cy="synthesis-kept-model"]');
  await section.getByRole('button').first().focus();
  await later.page.keyboard.press('Enter');
  await expect(kept).toHaveCount(2);
  const year = String(new Date().getFullYear());
  for (const one of await kept.all())
    await expect(one).toContainText(new RegExp(`\\d MB, kept since .*${year}`));
  const remove = kept.first().getByRole('button', { name: /^Remove .+ from this machine$/ });
  await remove.focus();
  await later.page.keyboard.press('Enter');
  await expect(kept.first().getByRole('alert')).toContainText('downloads');
  expect(await findings(later)).toEqual([]);
  // Pressed again, it takes the question back.
  await later.page.keyboard.press('Enter');
  await expect(kept.first().getByRole('alert')).toHaveCount(0);
  await later.page.keyboard.press('Space');
  await later.page.keyboard.press('Tab');
  await expect(later.page.getByRole('button', { name: 'Yes, remove' })).toBeFocused();
  await later.page.keyboard.press('Enter');
  await expect(kept).toHaveCount(1);
  await expect(later.check('download')).toHaveAttribute('data-code', 'preflight/download-some');
});

test('a kept file that was changed on disk is fetched again, and the others are not @long', async ({
  viewer,
  phantom,
  context,
}) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  const fetched = recordFetches(context);
  await app.open();
  await makeSeries(app);
  const { pixels } = await app.readSeries('SYNTHETIC');
  await app.page.evaluate(async () => {
    const cache = await caches.open('modality-synthesis-networks');
    const [request] = await cache.keys();
    const { headers } = (await cache.match(request))!;
    await cache.put(request, new Response('changed', { headers }));
  });
  fetched();
  await app.open();
  await makeSeries(app);
  expect(fetched()).toHaveLength(1);
  expect((await app.readSeries('SYNTHETIC')).pixels).toEqual(pixels);
});
