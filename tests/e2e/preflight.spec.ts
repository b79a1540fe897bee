import { rm } from 'node:fs/promises';
import { threeSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

test('a sound study is green before and after its pixels are read, and a role changed by hand is checked', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom(1, threeSeries)], appConfig: tinyBundle });
  await app.open();
  for (const id of ['sources', 'coverage', 'resolution', 'fit', 'cost', 'download'])
    await expect(app.check(id)).toHaveAttribute('data-level', 'green');
  await expect(app.check('cost')).toHaveAttribute('data-code', 'preflight/cost-time-unknown');
  await expect(app.check('download')).toHaveAttribute('data-code', 'preflight/download-some');
  await expect(app.pending).toContainText('Alignment, Whole head or stripped');

  await app.choose(app.source('flair'), 'not used');
  await expect(app.check('sources')).not.toContainText('FLAIR');
  await app.choose(app.source('t2'), 'FLAIR');
  await expect(app.check('sources')).toContainText('FLAIR (“AX T2”); the result gets the slices of FLAIR');
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.result('t1ce')).toBeVisible();
  await expect(app.check('head')).toHaveAttribute('data-code', 'brain-mr/head-whole');
  await expect(app.pending).toHaveCount(0);
  await expect(app.check('cost')).toContainText(/About \d+ (s|min), about/);
  await expect(app.check('download')).toHaveAttribute('data-code', 'preflight/download-none');
});

test('networks stay on this machine as long as their bundle is installed @long', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  const weights: string[] = [];
  app.page.on('request', request => request.url().endsWith('.bin') && weights.push(request.url()));
  const kept = () =>
    app.page.evaluate(async () => {
      const cache = await caches.open('modality-synthesis-networks');
      return (await cache.keys()).map(({ url }) => url.split('/').at(-1)!);
    });
  await app.open();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  const networks = await kept();
  expect(networks.length).toBeGreaterThan(1);
  expect(weights).toHaveLength(networks.length / 2);
  const replaced = '0'.repeat(64);
  const withOlder = async () => {
    await app.page.evaluate(async name => {
      const cache = await caches.open('modality-synthesis-networks');
      await cache.put(`/modality-synthesis-networks/${name}`, new Response('a network of an older bundle'));
    }, replaced);
    return kept();
  };
  // The page may still be tidying up after the job.
  await expect.poll(withOlder).toContain(replaced);
  await app.open();
  await expect(app.check('download')).toHaveAttribute('data-code', 'preflight/download-none');
  expect(new Set(await kept())).toEqual(new Set(networks));
});

test('red blocks with the reason, from the panel, the toolbar and the keyboard', async ({
  viewer,
  phantom,
}) => {
  const study = await phantom(1, threeSeries);
  await rm(`${study}/2_t2/IM0010.dcm`);
  const app = await viewer({ studies: [study], appConfig: tinyBundle });
  await app.open();
  await expect(app.check('sources')).toHaveAttribute('data-level', 'red');
  await expect(app.check('sources')).toContainText('Sources and roles: Blocked');
  const images: string[] = [];
  app.page.on('request', request => request.url().endsWith('.onnx') && images.push(request.url()));
  const starts = [() => app.run.click(), () => app.button.click(), () => app.page.keyboard.press('Shift+S')];
  for (const start of starts) {
    await start();
    expect(await app.finished(10_000)).toBe('series/unusable preflight/choose-another');
    await expect(app.message).toHaveText(
      /^The series “AX T2” cannot be used: 1 slice is missing between images 10 and 12\. Choose another series as T2, or none\.$/,
    );
  }
  expect(images).toEqual([]);
  expect(await app.descriptions()).toEqual(['AX T1', 'AX T2', 'AX T2 FLAIR']);

  // The remedy works: without the broken series the others are valid.
  await app.choose(app.source('t2'), 'not used');
  await expect(app.check('sources')).toHaveAttribute('data-level', 'green');
});

test('amber waits for acknowledgement, by keyboard alone, and reads nothing twice', async ({
  viewer,
  phantom,
}) => {
  const [, t2] = threeSeries;
  const app = await viewer({ studies: [await phantom(1, [t2])], appConfig: tinyBundle });
  await app.open();
  await expect(app.check('fit')).toContainText('Fit to the model: Warning');
  await expect(app.check('fit')).toContainText('There is one source, T2');
  await app.run.focus();
  await app.page.keyboard.press('Enter');
  await expect(app.message).toHaveAttribute('data-code', 'job/waiting', { timeout: 120_000 });
  await expect(app.run).toHaveText('Run anyway');
  await expect(app.run).toBeDisabled();
  await app.accept('fit').focus();
  await app.page.keyboard.press('Space');
  await expect(app.accept('fit')).toBeChecked();
  await expect(app.run).toBeEnabled();
  const progress = await app.watchProgress();
  await app.run.focus();
  await app.page.keyboard.press('Enter');
  expect(await app.finished()).toBe('job/done');
  expect((await progress()).at(-1)).toBe(100);

  // The same warning needs no second acknowledgement.
  await app.run.click();
  await expect(app.progress).toBeVisible();
  expect(await app.finished()).toBe('job/done');
});

test('registration shows its progress and can be cancelled; the motion it finds stands in the preflight', async ({
  viewer,
  phantom,
}) => {
  const [t1, t2] = threeSeries;
  const app = await viewer({
    studies: [await phantom(1, [{ ...t1, moved: [7, -4, 0] }, t2])],
    appConfig: tinyBundle,
  });
  await app.open();
  await app.run.click();
  await expect(app.progress).toHaveAttribute(
    'aria-valuetext',
    /Measuring how the series lie.*step \d+ of \d+/,
  );
  await app.cancel.click();
  expect(await app.finished(20_000)).toBe('job/cancelled');
  await expect(app.pending).toContainText('Alignment');
  expect(await app.descriptions()).toEqual(['AX T1', 'AX T2']);

  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  const said = await app.check('alignment').textContent();
  const [, millimetres] = /T1 was moved onto T2 by (\d+\.\d) mm/.exec(said ?? '') ?? [];
  // hypot(7, 4) is 8.06.
  expect(Math.abs(Number(millimetres) - 8.06), said ?? '').toBeLessThan(1);
});
