import { findings } from './support/findings';
import { type HostWindow, type SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const maps = ({ page }: SynthesisPage) => page.locator('[data-cy="error-map"]');
const legends = ({ page }: SynthesisPage) => page.locator('[data-cy="error-map-legend"]');
const control = ({ page }: SynthesisPage, name: string) => page.locator(`[data-cy="error-map-${name}"]`);

/** Pixels drawn on each map's canvas. */
function drawn({ page }: SynthesisPage): Promise<number[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLCanvasElement>('[data-cy="error-map"]')].map(canvas => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 3; i < data.length; i += 4) if (data[i] > 0) count++;
      return count;
    }),
  );
}

/** Pixels of the hatching's white lines. */
function whitePixels({ page }: SynthesisPage): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-cy="error-map"]')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      if (Math.min(data[i], data[i + 1], data[i + 2]) > 250 && data[i + 3] > 200) count++;
    return count;
  });
}

function sliceOf({ page }: SynthesisPage): Promise<number> {
  return page.evaluate(() =>
    (window as unknown as HostWindow).cornerstone.getEnabledElements()[0].viewport.getCurrentImageIdIndex(),
  );
}

/** Shows series, the last one on top, in one volume viewport. */
function fuse({ page }: SynthesisPage, names: readonly string[]): Promise<void> {
  return page.evaluate(names => {
    const { services } = window as unknown as HostWindow;
    const sets = services.displaySetService.getActiveDisplaySets();
    const uid = (name: string) => sets.find(d => d.SeriesDescription.startsWith(name))!.displaySetInstanceUID;
    services.viewportGridService.setDisplaySetsForViewports([
      {
        viewportId: services.viewportGridService.getState().activeViewportId,
        displaySetInstanceUIDs: names.map(uid),
        viewportOptions: { viewportType: 'volume', orientation: 'axial' },
      },
    ]);
  }, names);
}

async function synthesize(app: SynthesisPage, query = ''): Promise<void> {
  await app.open({ query });
  await app.button.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.watermarks).toBeVisible();
}

test('the expected error lies over its own series, in stack and MPR, and nowhere else', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await synthesize(app);
  await test.step('it is off at first', async () => {
    await expect(control(app, 'off')).toBeChecked();
    await expect(maps(app)).toHaveCount(0);
  });
  await test.step('the overlay has a colour bar with words and unit, and leaves the watermark', async () => {
    await control(app, 'overlay').check();
    await expect(maps(app)).toHaveCount(1);
    await expect(legends(app)).toContainText(/Expected error, % of the [\w-]+/);
    await expect(app.watermarks).toBeVisible();
    expect(await findings(app, 'error-map-control')).toEqual([]);
    expect(await findings(app, 'error-map-legend')).toEqual([]);
  });
  await test.step('the threshold, moved by keyboard, changes what is drawn', async () => {
    const slider = control(app, 'threshold');
    await expect(slider).toHaveAccessibleName('Show from, expected error of Synthetic T1 post-contrast');
    await expect(slider).toHaveAttribute('aria-valuetext', /^\d+(\.\d)? %$/);
    const slice = await sliceOf(app);
    await slider.focus();
    await slider.press('Home');
    const all = (await drawn(app))[0];
    expect(all).toBeGreaterThan(1000);
    for (let n = 0; n < 40; n++) await slider.press('ArrowRight');
    expect((await drawn(app))[0]).toBeLessThan(0.9 * all);
    expect(await sliceOf(app)).toBe(slice);
    await slider.press('Home');
    for (let n = 0; n < 10; n++) await slider.press('ArrowRight');
  });
  await test.step('the values under the cursor: acquired, predicted, expected error, lesion', async () => {
    const { x, y, width, height } = (await app.viewports.first().boundingBox())!;
    await app.page.mouse.move(x + 0.45 * width, y + 0.55 * height);
    await expect(control(app, 'readout')).toHaveText(
      /^T2 acquired \d+ · predicted \d+ · expected error \d+(\.\d)? % · lesion likely to \d+ % · enhancing to \d+ %$/,
    );
    await app.page.mouse.move(x + 5, y + 0.6 * height);
    await expect(control(app, 'readout')).toHaveText('no expected error here');
  });
  await test.step('the contour is a line', async () => {
    const [overlay] = await drawn(app);
    await control(app, 'contour').check();
    await expect(legends(app)).toContainText(/Expected error of \d+(\.\d)? % of the/);
    const [contour] = await drawn(app);
    expect(contour).toBeGreaterThan(100);
    expect(contour).toBeLessThan(overlay / 2);
    await control(app, 'overlay').check();
  });
  await test.step('it goes with its series, and comes back with it', async () => {
    await app.thumbnails.first().dblclick();
    await expect(app.watermarks).toHaveCount(0);
    await expect(maps(app)).toHaveCount(0);
    await expect(legends(app)).toHaveCount(0);
    await app.thumbnails.last().dblclick();
    await expect(maps(app)).toHaveCount(1);
    await app
      .result('t1ce')
      .getByRole('button', { name: /^Compare/ })
      .click();
    await expect(app.viewports).toHaveCount(4);
    await expect(maps(app)).toHaveCount(1);
    await expect(app.viewports.nth(3).locator('[data-cy="error-map"]')).toBeVisible();
  });
  await test.step('every plane of MPR has it', async () => {
    await app.page.click('[data-cy="Layout"]');
    await app.page.click('[data-cy="MPR"]');
    await expect(app.watermarks).toHaveCount(3);
    await expect(maps(app)).toHaveCount(3);
    for (const pixels of await drawn(app)) expect(pixels).toBeGreaterThan(1000);
  });
  await test.step('a fusion has it only where the synthetic series is on top', async () => {
    const axial = app.page.locator('[data-viewportid="mpr-axial"]');
    await fuse(app, ['SYNTHETIC', 'AX T2']);
    await expect(axial.locator('[data-cy="error-map"]')).toHaveCount(0);
    await expect(axial.locator('[data-cy="synthetic-mark"]')).toBeVisible();
    await fuse(app, ['AX T1', 'SYNTHETIC']);
    await expect(axial.locator('[data-cy="error-map"]')).toBeVisible();
  });
  await test.step('a rejected series leaves nothing of it', async () => {
    await app.result('t1ce').getByRole('button', { name: 'Reject' }).click();
    await expect(app.thumbnails).toHaveCount(2);
    await expect(maps(app)).toHaveCount(0);
    await expect(legends(app)).toHaveCount(0);
  });
});

test('the hotkey shows it in the next way, in German too', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await app.open({ query: '&lng=de' });
  await app.page.keyboard.press('Shift+U');
  await expect(app.page.locator('[data-sonner-toast]')).toContainText(
    'Zeigen Sie zuerst eine synthetische Serie',
  );
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.watermarks).toBeVisible();
  await app.page.keyboard.press('Shift+U');
  await expect(control(app, 'contour')).toBeChecked();
  await expect(legends(app)).toContainText(/Erwarteter Fehler von \d+(,\d)? % /);
  await app.page.keyboard.press('Shift+U');
  await expect(control(app, 'overlay')).toBeChecked();
  await expect(maps(app)).toHaveCount(1);
  await expect(legends(app)).toContainText('Erwarteter Fehler, % ');
  await expect(control(app, 'threshold')).toHaveAccessibleName(
    'Zeigen ab, erwarteter Fehler von Synthetisches T1 nach Kontrastmittel',
  );
  await app.page.keyboard.press('Shift+U');
  await expect(control(app, 'off')).toBeChecked();
  await expect(maps(app)).toHaveCount(0);
});

test('where something cannot be told it is hatched, and a sentence says what', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await synthesize(app);
  await control(app, 'overlay').check();
  await expect(legends(app)).toContainText('whether it enhances cannot be told');
  // At the upper end of the scale next to no colour is left, but the white lines are.
  await control(app, 'threshold').press('End');
  expect(await whitePixels(app)).toBeGreaterThan(100);
});
