import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startViewer, type ViewerOptions } from '@modality-synthesis/viewer';
import { test as base } from '@playwright/test';
import { type PhantomSeries, threeSeries, writePhantomStudy } from './phantomStudy';
import { SynthesisPage } from './SynthesisPage';

interface Fixtures {
  /** Starts the real viewer for this test and hands its page; closed when the test ends. */
  viewer: (options: ViewerOptions) => Promise<SynthesisPage>;
  /** A folder for this test's own studies, removed afterwards. */
  folder: string;
  /** Writes a phantom study and returns its folder. */
  phantom: (number?: number, series?: readonly PhantomSeries[]) => Promise<string>;
}

export const test = base.extend<Fixtures>({
  // Depends on `folder` so that the viewer is closed before its studies are removed.
  viewer: async ({ page, folder: _ }, use) => {
    const running: { close(): Promise<void> }[] = [];
    await use(async options => {
      const viewer = await startViewer(options);
      running.push(viewer);
      return new SynthesisPage(page, viewer);
    });
    await page.close();
    for (const viewer of running) await viewer.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a destructured first argument.
  folder: async ({}, use) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'modality-synthesis-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  phantom: async ({ folder }, use) => {
    await use(async (number = 1, series = threeSeries) => {
      const target = path.join(folder, `phantom-${number}`);
      await writePhantomStudy(target, { number, series });
      return target;
    });
  },
});

export { expect } from '@playwright/test';

/** Real studies for development, beside the repository; never part of it. */
const studies = path.resolve(import.meta.dirname, '../../../../shared/studies');

/** Copies a real study without the named series, or skips the test with a word where there is none. */
export async function realStudy(
  name: string,
  folder: string,
  without: readonly string[] = [],
): Promise<string> {
  const source = path.join(studies, name);
  test.skip(!existsSync(source), `the real study ${name} is not on this machine`);
  const target = path.join(folder, name);
  await cp(source, target, {
    recursive: true,
    filter: file => !without.some(w => path.basename(file).endsWith(`_${w}`)),
  });
  return target;
}
