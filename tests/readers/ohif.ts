import { existsSync } from 'node:fs';
import { DOMAINS, METHODS, readRecord, seriesAttributes } from '@modality-synthesis/engine';
import { startViewer } from '@modality-synthesis/viewer';
import { findOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { chromium } from '@playwright/test';
import { launchOptions } from '../../playwright.config';
import { SynthesisPage } from '../e2e/support/SynthesisPage';
import { nameOf } from './nameOf';
import type { Reader } from './Reader';

/** The viewer with this extension, with Orthanc where it is installed. */
export const ohif: Reader = {
  name: 'OHIF',
  version: () =>
    existsSync(launchOptions.executablePath) ? `3.13.2${findOrthanc() ? ', over Orthanc' : ''}` : undefined,
  async read({ folder, files, datasets }) {
    const installation = findOrthanc();
    const pacs = installation && (await startOrthanc(installation));
    await pacs?.load(files);
    const viewer = await startViewer(pacs ? { studies: [], pacs: pacs.url } : { studies: [folder] });
    const browser = await chromium.launch(launchOptions);
    try {
      const tab = await browser.newPage({ viewport: { width: 1500, height: 900 } });
      // esbuild, which runs this file, names functions by a helper that the page lacks.
      await tab.addInitScript('globalThis.__name = value => value');
      const page = new SynthesisPage(tab, viewer);
      await page.open({ studies: [String(datasets[0].StudyInstanceUID)] });
      await page.watermarks.first().waitFor();
      const { first, size, positions, pixels } = await page.readSeries('SYNTHETIC');
      const { SyntheticData, synthesizingEquipment } = seriesAttributes(first);
      return {
        PatientName: nameOf(first.PatientName),
        StudyDescription: String(first.StudyDescription),
        SyntheticData,
        synthesizingEquipment,
        record: readRecord(first, METHODS, DOMAINS),
        size: [...size, positions.length],
        stored: pixels,
        errors: [],
      };
    } finally {
      await browser.close();
      await viewer.close();
      await pacs?.close();
    }
  },
};
