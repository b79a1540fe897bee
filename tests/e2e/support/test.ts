import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  type PhantomSeries,
  twoSeries,
  writePhantomStudy,
} from '@modality-synthesis/engine/testing/phantomStudy';
import { REAL_STUDIES } from '@modality-synthesis/engine/testing/tools';
import { startViewer, type ViewerOptions } from '@modality-synthesis/viewer';
import { findOrthanc, type RunningOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { type BrowserContext, test as base, type Page } from '@playwright/test';
import { viewport } from '../../../playwright.config';
import { FaultyPacs } from './FaultyPacs';
import { hasFirefox } from './firefox/programs';
import { SynthesisPage } from './SynthesisPage';

interface WorkerFixtures {
  /**
   * One browser profile per worker, so that Chromium compiles OHIF once. It caches compiled code by address:
   * the worker's viewers use one port.
   */
  profile: { context: BrowserContext; port: number };
  /** One Orthanc per worker with the phantom study, where Orthanc is installed. */
  orthanc: (RunningOrthanc & { study: string }) | undefined;
}

interface Fixtures {
  /** Skips the test where its browser is not installed, unless that is Chromium. */
  hasBrowser: undefined;
  /** Starts the real viewer and returns its page with empty storage; closes it after the test. */
  viewer: (options: ViewerOptions) => Promise<SynthesisPage>;
  /** A folder for this test's own studies, removed afterwards. */
  folder: string;
  /** Writes a phantom study, by default of T1 and T2, and returns its folder. */
  phantom: (number?: number, series?: readonly PhantomSeries[]) => Promise<string>;
  /** The Orthanc behind a proxy with faults; skips the test where Orthanc is not installed. */
  pacs: TestPacs;
}

export interface TestPacs {
  proxy: FaultyPacs;
  /** StudyInstanceUID of the phantom. */
  study: string;
  /** SOPInstanceUIDs of the series whose description starts with this. */
  images(description: string): Promise<string[]>;
}

/** Storage that a page leaves in its browser, without compiled code and HTTP cache. */
const STORAGE = 'cookies,file_systems,indexeddb,local_storage,service_workers,cache_storage';

async function emptyStorage(page: Page, origin: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: STORAGE });
  await session.detach();
}

const temporaryFolder = () => mkdtemp(path.join(os.tmpdir(), 'modality-synthesis-'));

export const test = base.extend<Fixtures, WorkerFixtures>({
  profile: [
    async ({ playwright, browserName, launchOptions }, use) => {
      const folder = await temporaryFolder();
      const context = await playwright[browserName].launchPersistentContext(folder, {
        ...launchOptions,
        viewport,
      });
      await use({ context, port: 0 });
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  context: async ({ profile: { context } }, use) => {
    const [blank] = context.pages();
    await use(context);
    await context.removeAllListeners('request');
    for (const page of context.pages()) if (page !== blank) await page.close();
  },
  // Before all others: without a browser there is no profile.
  hasBrowser: [
    async ({ browserName }, use) => {
      test.skip(browserName === 'firefox' && !hasFirefox(), 'Firefox or Xvfb is not on this machine');
      await use(undefined);
    },
    { auto: true },
  ],
  // Depends on `folder` so that the viewer is closed before its studies are removed.
  viewer: async ({ page, profile, folder: _, browserName }, use) => {
    const running: { close(): Promise<void> }[] = [];
    await use(async options => {
      // Chromium's cache keeps the headers that isolate a page: without them another port. Firefox gets a new
      // one each time, where nothing is stored yet.
      const { crossOriginIsolated = true } = options;
      const keepsPort = crossOriginIsolated && browserName === 'chromium';
      const port = keepsPort ? profile.port : 0;
      // Another program may have taken the port: use any.
      const viewer = await startViewer({ ...options, port }).catch(() => startViewer(options));
      running.push(viewer);
      if (keepsPort) profile.port = viewer.port;
      if (browserName === 'chromium') await emptyStorage(page, viewer.url);
      return new SynthesisPage(page, viewer);
    });
    await page.close();
    for (const viewer of running) await viewer.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a destructured first argument.
  folder: async ({}, use) => {
    const folder = await temporaryFolder();
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  orthanc: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants a destructured first argument.
    async ({}, use) => {
      const installation = findOrthanc();
      if (!installation) return use(undefined);
      const folder = await temporaryFolder();
      const study = await writePhantomStudy(folder, { number: 1, series: twoSeries });
      const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(f => f.isFile());
      const orthanc = await startOrthanc(installation);
      await orthanc.load(files.map(f => path.join(f.parentPath, f.name)));
      await use({ ...orthanc, study });
      await orthanc.close();
      await rm(folder, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  // Depends on `page` so that the page closes before its PACS.
  pacs: async ({ page: _, orthanc }, use) => {
    test.skip(!orthanc, 'Orthanc with its DICOMweb plugin is not on this machine');
    const { url, study } = orthanc!;
    const before = await seriesIn(url);
    const proxy = await FaultyPacs.start(url);
    await use({ proxy, study, images: description => imagesIn(url, description) });
    await proxy.close();
    for (const id of await seriesIn(url)) {
      if (!before.includes(id)) await fetch(`${url}/series/${id}`, { method: 'DELETE' });
    }
  },
  phantom: async ({ folder }, use) => {
    await use(async (number = 1, series = twoSeries) => {
      const target = path.join(folder, `phantom-${number}`);
      await writePhantomStudy(target, { number, series });
      return target;
    });
  },
});

export { expect } from '@playwright/test';

/** Orthanc's ids of its series. */
async function seriesIn(orthanc: string): Promise<string[]> {
  return (await fetch(`${orthanc}/series`)).json();
}

/** A request to Orthanc's own REST API. */
async function imagesIn(orthanc: string, SeriesDescription: string): Promise<string[]> {
  const response = await fetch(`${orthanc}/tools/find`, {
    method: 'POST',
    body: JSON.stringify({
      Level: 'Instance',
      Query: { SeriesDescription: `${SeriesDescription}*` },
      Expand: true,
    }),
  });
  const found = (await response.json()) as { MainDicomTags: { SOPInstanceUID: string } }[];
  return found.map(instance => instance.MainDicomTags.SOPInstanceUID);
}

/** Copies a real study without the named series; skips the test where the study is missing. */
export async function realStudy(
  name: string,
  folder: string,
  without: readonly string[] = [],
): Promise<string> {
  const source = path.join(REAL_STUDIES, name);
  test.skip(!existsSync(source), `the real study ${name} is not on this machine`);
  const target = path.join(folder, name);
  await cp(source, target, {
    recursive: true,
    filter: file => !without.some(w => path.basename(file).endsWith(`_${w}`)),
  });
  return target;
}
