import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  type PhantomSeries,
  threeSeries,
  writePhantomStudy,
} from '@modality-synthesis/engine/testing/phantomStudy';
import { startViewer, type ViewerOptions } from '@modality-synthesis/viewer';
import { findOrthanc, type RunningOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { test as base } from '@playwright/test';
import { FaultyPacs } from './FaultyPacs';
import { SynthesisPage } from './SynthesisPage';

interface Fixtures {
  /** Starts the real viewer for this test and hands its page; closed when the test ends. */
  viewer: (options: ViewerOptions) => Promise<SynthesisPage>;
  /** A folder for this test's own studies, removed afterwards. */
  folder: string;
  /** Writes a phantom study and returns its folder. */
  phantom: (number?: number, series?: readonly PhantomSeries[]) => Promise<string>;
  /** An Orthanc with the phantom study, behind a proxy that can fail; skips the test where there is no Orthanc. */
  pacs: TestPacs;
}

export interface TestPacs {
  orthanc: RunningOrthanc;
  proxy: FaultyPacs;
  /** StudyInstanceUID of the phantom. */
  study: string;
  /** SOPInstanceUIDs of every series whose description starts so. */
  images(description: string): Promise<string[]>;
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
  // Depends on `page` so that the browser is gone before its PACS.
  pacs: async ({ page: _, folder }, use) => {
    const installation = findOrthanc();
    test.skip(!installation, 'Orthanc with its DICOMweb plugin is not on this machine');
    const target = path.join(folder, 'pacs');
    const study = await writePhantomStudy(target, { number: 1, series: threeSeries });
    const orthanc = await startOrthanc(installation!);
    const proxy = await FaultyPacs.start(orthanc.url);
    const files = (await readdir(target, { recursive: true, withFileTypes: true })).filter(f => f.isFile());
    await orthanc.load(files.map(f => path.join(f.parentPath, f.name)));
    await use({ orthanc, proxy, study, images: description => imagesIn(orthanc.url, description) });
    await proxy.close();
    await orthanc.close();
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

/** Asked of Orthanc itself, past DICOMweb. */
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
