import { threeSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { findings } from './support/findings';
import { type SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const SYNTHETIC = 'SYNTHETIC T1 post-contrast (CDM)';

/** What a cornerstone viewport shows. */
interface Shown {
  id: string;
  series: string;
  index: number;
  /** ImagePositionPatient of a stack's image; of a volume that of its first. */
  position: number[];
  focalPoint: number[];
  normal: number[];
  parallelScale: number;
  zoom: number;
  window: number[];
}

interface Cornerstone {
  metaData: { get(type: 'instance', imageId: string): Record<string, unknown> };
  cache: { getVolume(id: string): { imageIds: string[] } };
  getEnabledElements(): {
    viewport: {
      id: string;
      type: string;
      getCurrentImageId(): string;
      getCurrentImageIdIndex(): number;
      getSliceIndex(): number;
      getVolumeId(): string;
      getCamera(): { focalPoint: number[]; viewPlaneNormal: number[]; parallelScale: number };
      getZoom(): number;
      setZoom(zoom: number): void;
      render(): void;
      getProperties(): { voiRange?: { lower: number; upper: number } };
    };
  }[];
}

/** All viewports in which something is shown; that of a blink is the last. */
function shown({ page }: SynthesisPage): Promise<Shown[]> {
  return page.evaluate(() => {
    const { cornerstone } = window as unknown as { cornerstone: Cornerstone };
    const rounded = (values: ArrayLike<number>) => Array.from(values, v => Math.round(v * 1e6) / 1e6 + 0);
    return cornerstone.getEnabledElements().flatMap(({ viewport }) => {
      const stack = viewport.type === 'stack';
      const imageId = stack
        ? viewport.getCurrentImageId()
        : cornerstone.cache.getVolume(viewport.getVolumeId())?.imageIds[0];
      if (!imageId) return [];
      const image = cornerstone.metaData.get('instance', imageId);
      const { focalPoint, viewPlaneNormal, parallelScale } = viewport.getCamera();
      const { voiRange } = viewport.getProperties();
      return {
        id: viewport.id,
        series: String(image.SeriesDescription),
        index: stack ? viewport.getCurrentImageIdIndex() : viewport.getSliceIndex(),
        position: Array.from(image.ImagePositionPatient as number[], Number),
        focalPoint: rounded(focalPoint),
        normal: rounded(viewPlaneNormal),
        parallelScale: rounded([parallelScale])[0],
        zoom: rounded([viewport.getZoom()])[0],
        window: voiRange ? [voiRange.lower, voiRange.upper] : [],
      };
    });
  });
}

/** Waits until viewports show these series, and no others. */
async function shows(app: SynthesisPage, series: readonly string[]): Promise<Shown[]> {
  await expect.poll(async () => (await shown(app)).map(one => one.series)).toEqual(series);
  return shown(app);
}

const cover = ({ page }: SynthesisPage) => page.locator('[data-cy="synthesis-blink"]');
const maps = ({ page }: SynthesisPage) => page.locator('[data-cy="error-map"]');
const compare = (app: SynthesisPage) => app.result('t1ce').locator('[data-cy="synthesis-compare"]');

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((v, i) => v - b[i]));
}

/** Pixels of the watermark's colour that can be seen in a viewport. */
async function amber({ page, viewports }: SynthesisPage, viewport = 0): Promise<number> {
  const shot = (await viewports.nth(viewport).screenshot()).toString('base64');
  return page.evaluate(async base64 => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === 0xff && data[i + 1] === 0xd4 && data[i + 2] === 0x79) count++;
    return count;
  }, shot);
}

async function synthesize(app: SynthesisPage): Promise<void> {
  await app.open();
  await app.page.keyboard.press('Shift+S');
  expect(await app.finished()).toBe('job/done');
  await shows(app, [SYNTHETIC]);
}

/** Zooms a viewport as OHIF's tool does. */
function zoom({ page }: SynthesisPage, id: string, factor: number): Promise<void> {
  return page.evaluate(
    ([id, factor]) => {
      const { cornerstone } = window as unknown as { cornerstone: Cornerstone };
      const found = cornerstone.getEnabledElements().find(({ viewport }) => viewport.id === id)!;
      found.viewport.setZoom(factor);
      found.viewport.render();
    },
    [id, factor] as const,
  );
}

test('one key compares a result with its sources, linked; the same key leaves the way it came', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom(1, threeSeries)], appConfig: tinyBundle });
  await synthesize(app);
  const { page } = app;
  await page.evaluate(() => {
    const { commandsManager } = window as unknown as import('./support/SynthesisPage').HostWindow;
    commandsManager.runCommand('setViewportGridLayout', { numRows: 1, numCols: 2 });
  });
  await expect(app.viewports).toHaveCount(2);
  await app.thumbnails.nth(1).dragTo(app.viewports.nth(1));
  await shows(app, [SYNTHETIC, 'AX T2']);
  await app.viewports.nth(1).hover();
  for (let n = 0; n < 3; n++) await page.mouse.wheel(0, 100);
  await app.viewports.first().click();
  await app.changeWindow();
  await expect.poll(async () => (await shown(app))[1].index).toBeGreaterThan(0);
  const before = await shown(app);
  expect(before[0].window).not.toEqual(before[1].window);

  await test.step('sources above, result and its expected error below', async () => {
    await page.keyboard.press('Shift+C');
    const cells = await shows(app, ['AX T1', 'AX T2', 'AX T2 FLAIR', SYNTHETIC, SYNTHETIC]);
    await expect(app.watermarks).toHaveCount(2);
    await expect(maps(app)).toHaveCount(1);
    await expect(app.viewports.nth(4).locator('[data-cy="error-map"]')).toBeVisible();
    await expect(compare(app)).toHaveAttribute('aria-pressed', 'true');
    expect(await findings(app)).toEqual([]);
    const [, t2, , result, uncertainty] = cells;
    expect(result.index).toBe(before[0].index);
    for (const cell of cells)
      expect(Math.abs(cell.focalPoint[2] - result.focalPoint[2])).toBeLessThan(4.5 / 2);
    for (const other of [t2, uncertainty]) expect(distance(other.position, result.position)).toBe(0);
    expect(result.window).toEqual(before[0].window);
    expect(t2.window).toEqual(before[1].window);
  });
  await test.step('all scroll and zoom together', async () => {
    await app.viewports.nth(3).hover();
    for (let n = 0; n < 4; n++) await page.mouse.wheel(0, 100);
    await expect
      .poll(async () => {
        const cells = await shown(app);
        const moved = cells[3].index > before[0].index;
        return moved && cells.every(c => Math.abs(c.focalPoint[2] - cells[3].focalPoint[2]) < 4.5 / 2);
      })
      .toBe(true);
    await zoom(app, 'modality-synthesis-compare-source-1', 1.5);
    await expect
      .poll(async () => (await shown(app)).map(cell => cell.zoom.toFixed(3)))
      .toEqual(Array(5).fill('1.500'));
  });
  await test.step('a window is that of one contrast', async () => {
    const { x, y, width, height } = (await app.viewports.nth(3).boundingBox())!;
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 50, y + height / 2 + 30, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => (await shown(app))[3].window).not.toEqual(before[0].window);
    const windows = (await shown(app)).map(cell => cell.window);
    expect(windows[4]).toEqual(windows[3]);
    expect(windows[1]).toEqual(before[1].window);
  });
  await test.step('the same key restores layout, series, slices, zoom and windows', async () => {
    await page.keyboard.press('Shift+C');
    await shows(app, [SYNTHETIC, 'AX T2']);
    await expect.poll(() => shown(app)).toEqual(before);
    await expect(maps(app)).toHaveCount(0);
    await expect(app.watermarks).toHaveCount(1);
    await expect(compare(app)).toHaveAttribute('aria-pressed', 'false');
  });
  await test.step('from MPR and back, by the button', async () => {
    await app.viewports.first().click();
    await page.click('[data-cy="Layout"]');
    await page.click('[data-cy="MPR"]');
    await shows(app, [SYNTHETIC, SYNTHETIC, SYNTHETIC]);
    const planes = await shown(app);
    await compare(app).press('Enter');
    await shows(app, ['AX T1', 'AX T2', 'AX T2 FLAIR', SYNTHETIC, SYNTHETIC]);
    await compare(app).press('Enter');
    await shows(app, [SYNTHETIC, SYNTHETIC, SYNTHETIC]);
    await expect
      .poll(async () => (await shown(app)).map(({ id, index }) => [id, index]))
      .toEqual(planes.map(({ id, index }) => [id, index]));
    await expect(app.watermarks).toHaveCount(3);
  });
  await test.step('a result that is rejected meanwhile does not come back', async () => {
    await page.keyboard.press('Shift+C');
    await shows(app, ['AX T1', 'AX T2', 'AX T2 FLAIR', SYNTHETIC, SYNTHETIC]);
    await app.result('t1ce').getByRole('button', { name: 'Reject' }).click();
    await expect(app.thumbnails).toHaveCount(3);
    await page.locator('body').focus();
    await page.keyboard.press('Shift+C');
    await shows(app, ['AX T1', 'AX T1', 'AX T1']);
    await expect(app.watermarks).toHaveCount(0);
  });
});

test('a held key shows the acquired reference at the same position, and ends on the synthetic series @long', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await app.open();
  const { page } = app;
  await page.keyboard.press('x');
  await expect(page.locator('[data-sonner-toast]')).toContainText('Show slices of a synthetic series');
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  const [before] = await shows(app, [SYNTHETIC]);
  await expect(app.watermarks).toBeVisible();
  const watermark = await amber(app);
  expect(watermark).toBeGreaterThan(1000);

  /** Holds the key until the acquired series is seen. */
  const hold = async () => {
    await page.keyboard.down('x');
    await expect(cover(app)).toBeVisible();
    await expect(cover(app)).toHaveText('Acquired: AX T2');
    expect(await amber(app)).toBe(0);
  };
  const ended = async () => {
    await expect(cover(app)).toHaveCount(0);
    expect(await amber(app)).toBe(watermark);
  };

  await test.step('in a stack, following slice and zoom', async () => {
    await zoom(app, before.id, 1.3);
    const [zoomed] = await shown(app);
    await hold();
    await page.keyboard.down('x');
    const [below, acquired] = await shows(app, [SYNTHETIC, 'AX T2']);
    expect(below).toEqual(zoomed);
    expect(distance(acquired.position, below.position)).toBeLessThan(0.5);
    expect(distance(acquired.focalPoint, below.focalPoint)).toBeLessThan(0.5);
    expect(acquired.parallelScale).toBeCloseTo(below.parallelScale, 6);
    expect(acquired.window).not.toEqual(below.window);
    expect(await findings(app, 'synthesis-blink')).toEqual([]);
    await app.viewports.first().hover();
    await page.mouse.wheel(0, 100);
    await expect.poll(async () => (await shown(app)).map(one => one.index - before.index)).toEqual([1, 1]);
    const [scrolled, followed] = await shown(app);
    expect(distance(followed.focalPoint, scrolled.focalPoint)).toBeLessThan(0.5);
    await page.keyboard.up('x');
    await ended();
    expect((await shown(app))[0].window).toEqual(before.window);
  });
  await test.step('another key that comes up does not end it; a window without focus does', async () => {
    await hold();
    await page.keyboard.press('q');
    await expect(cover(app)).toBeVisible();
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await ended();
    await page.keyboard.up('x');
  });
  await test.step('the overlay of the expected error is back with the series', async () => {
    await page.locator('[data-cy="error-map-overlay"]').check();
    await expect(maps(app)).toHaveCount(1);
    await page.locator('[data-cy="error-map-overlay"]').blur();
    await hold();
    await page.keyboard.up('x');
    await ended();
    await expect(maps(app)).toBeVisible();
    await page.locator('[data-cy="error-map-off"]').check();
    await page.locator('[data-cy="error-map-off"]').blur();
  });
  await test.step('in every plane of MPR', async () => {
    await page.click('[data-cy="Layout"]');
    await page.click('[data-cy="MPR"]');
    await shows(app, [SYNTHETIC, SYNTHETIC, SYNTHETIC]);
    await expect(app.watermarks).toHaveCount(3);
    for (const [n, plane] of ['mpr-axial', 'mpr-sagittal', 'mpr-coronal'].entries()) {
      await app.viewports.nth(n).click();
      await page.keyboard.down('x');
      await expect(app.viewports.nth(n).locator('[data-cy="synthesis-blink"]')).toBeVisible();
      const all = await shows(app, [SYNTHETIC, SYNTHETIC, SYNTHETIC, 'AX T2']);
      const below = all.find(({ id }) => id === plane)!;
      const acquired = all.at(-1)!;
      expect(distance(acquired.focalPoint, below.focalPoint)).toBeLessThan(0.5);
      expect(distance(acquired.normal, below.normal)).toBeLessThan(1e-6);
      expect(acquired.parallelScale).toBeCloseTo(below.parallelScale, 6);
      expect(await amber(app, n)).toBe(0);
      await page.keyboard.up('x');
      await expect(cover(app)).toHaveCount(0);
      expect(await amber(app, n)).toBeGreaterThan(1000);
    }
  });
  await test.step('the series is taken away while the key is held', async () => {
    await page.keyboard.down('x');
    await expect(cover(app)).toBeVisible();
    await app.result('t1ce').getByRole('button', { name: 'Reject' }).click();
    await expect(cover(app)).toHaveCount(0);
    await expect(app.thumbnails).toHaveCount(2);
    await page.keyboard.up('x');
  });
});

test('the study is closed while the key is held @long', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  const errors: string[] = [];
  app.page.on('pageerror', error => errors.push(error.message));
  await synthesize(app);
  await app.page.keyboard.down('x');
  await expect(cover(app)).toBeVisible();
  app.page.on('dialog', dialog => dialog.accept());
  await app.page.click('[data-cy="return-to-work-list"]');
  await expect(app.viewports).toHaveCount(0);
  await expect(cover(app)).toHaveCount(0);
  await app.page.keyboard.up('x');
  expect(errors).toEqual([]);
});

test('a site hangs the comparison: of an accepted series, and of a study without one @long', async ({
  viewer,
  pacs,
}) => {
  const app = await viewer({ studies: [], pacs: pacs.proxy.url, appConfig: tinyBundle });
  const query = '&hangingProtocolId=modality-synthesis-compare';
  await app.open({ studies: [pacs.study], query });
  await expect(app.viewports).toHaveCount(1);
  await app.page.keyboard.press('Shift+C');
  await expect(app.page.locator('[data-sonner-toast]')).toContainText('no synthetic series');
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await app.page.locator('[data-cy="synthesis-accept"]').click();
  await expect(app.page.locator('[data-cy="synthesis-storage"]')).toContainText('read back');

  await app.open({ studies: [pacs.study], query });
  await shows(app, ['AX T1', 'AX T2', SYNTHETIC, SYNTHETIC]);
  await expect(app.watermarks).toHaveCount(2);
  await expect(maps(app)).toHaveCount(1);
  await app.page.keyboard.press('Shift+C');
  await expect(app.viewports).toHaveCount(1);
  await app.page.keyboard.press('Shift+C');
  await shows(app, ['AX T1', 'AX T2', SYNTHETIC, SYNTHETIC]);
});
