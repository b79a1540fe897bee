import { threeSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { findings } from './support/findings';
import { type SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** Presses Tab until the control with this name has focus. */
async function tabTo(app: SynthesisPage, name: string | RegExp): Promise<void> {
  const wanted = typeof name === 'string' ? (n: string) => n === name : (n: string) => name.test(n);
  for (let presses = 0; presses < 150; presses++) {
    await app.page.keyboard.press('Tab');
    const focused = await app.page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
      return element.ariaLabel ?? labels[0]?.textContent?.trim() ?? element.textContent?.trim() ?? '';
    });
    if (wanted(focused)) return;
  }
  throw new Error(`no control named ${name} is reached by Tab`);
}

test('the panel works by keyboard alone, every control has a name, and axe finds nothing serious', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom(1, threeSeries)], appConfig: tinyBundle });
  await app.open({ folded: true });
  await expect(app.panel).toContainText('T1 post-contrast from T1, T2, FLAIR');
  await expect(app.source('flair')).toHaveCount(0);
  expect(await findings(app)).toEqual([]);
  await app.page.locator('body').focus();
  await tabTo(app, 'Change sources and targets');
  await app.page.keyboard.press('Enter');
  await tabTo(app, /^\d+ checks passed/);
  await app.page.keyboard.press('Space');
  await expect(app.check('sources')).toBeVisible();
  expect(await findings(app)).toEqual([]);

  await tabTo(app, 'Contrast of AX T2 FLAIR');
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByRole('option', { name: 'FLAIR' })).toBeFocused();
  await app.page.keyboard.press('Home');
  await expect(app.page.getByRole('option').first()).toBeFocused();
  await app.page.keyboard.press('Enter');
  await expect(app.source('flair')).toHaveCount(0);
  await tabTo(app, /^T1 post-contrast/);
  await app.page.keyboard.press('Space');
  await expect(app.target('t1ce')).not.toBeChecked();
  await tabTo(app, /^FLAIR/);
  await app.page.keyboard.press('Space');
  await tabTo(app, 'Synthesize');
  await app.page.keyboard.press('Enter');
  expect(await app.finished()).toBe('job/done');
  expect(await findings(app)).toEqual([]);
  const controls = app.panel.locator('button, select, input, [role=progressbar]');
  expect(await controls.count()).toBeGreaterThan(10);
  for (const control of await controls.all()) await expect(control).toHaveAccessibleName(/\p{L}{2}/u);

  await tabTo(app, 'Compare Synthetic FLAIR with its sources');
  await app.page.keyboard.press('Enter');
  await expect(app.viewports).toHaveCount(4);
  await tabTo(app, 'Accept Synthetic FLAIR');
  await app.page.keyboard.press('Enter');
  await expect(app.page.locator('[data-cy="synthesis-storage"]')).toContainText(
    'download the result instead',
  );
  expect(await findings(app)).toEqual([]);
  const download = app.page.waitForEvent('download');
  await tabTo(app, 'Download Synthetic FLAIR');
  await app.page.keyboard.press('Space');
  await download;
  await tabTo(app, /^Intended use/);
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByText('Limitations', { exact: true })).toBeVisible();
  expect(await findings(app)).toEqual([]);
  await tabTo(app, 'Reject Synthetic FLAIR');
  await app.page.keyboard.press('Enter');
  await expect(app.thumbnails).toHaveCount(3);
});
