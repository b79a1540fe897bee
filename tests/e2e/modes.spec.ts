import { readFileSync } from 'node:fs';
import path from 'node:path';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** The panel in another mode, as docs/deployment.md has it. */
function documentedModes(): string {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../docs/deployment.md'), 'utf8');
  const [, block] = /```js\n(window\.config\.customizationService[\s\S]*?)```/.exec(text) ?? [];
  if (!block) throw new Error('docs/deployment.md has no configuration of modes.');
  // OHIF's guided tour would lie over the page on the first visit.
  return `${block}window.config.customizationService.global['ohif.tours'] = { $set: [] };`;
}

test('a site adds panel and button to the mode Segmentation; the others keep theirs @long', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({
    studies: [await phantom()],
    appConfig: `${tinyBundle}\n${documentedModes()}`,
  });
  const { page } = app;
  await app.open({ route: 'segmentation' });
  await app.button.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.watermarks.first()).toBeVisible();
  await page.locator('[data-cy="synthesis-reject"]').click();
  await expect(app.thumbnails).toHaveCount(2);
  for (const route of ['segmentation', 'basic', 'viewer', 'synthesis']) {
    if (route !== 'segmentation') await app.open({ route, folded: true });
    await expect(page.locator('[data-cy="synthesis-btn"]')).toHaveCount(1);
    await expect(app.button).toHaveCount(1);
  }
});
