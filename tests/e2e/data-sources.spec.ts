import { readdirSync } from 'node:fs';
import path from 'node:path';
import { phantomDatasets, twoSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { type SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const IMAGES = 28;
/** OHIF's other data sources, without an address: it comes with the link, or files are dropped. */
const sources = ['dicomwebproxy', 'dicomjson', 'dicomlocal'].map(sourceName => ({
  namespace: `@ohif/extension-default.dataSourcesModule.${sourceName}`,
  sourceName,
  configuration: { friendlyName: sourceName, name: sourceName },
}));
const configuration = `${tinyBundle}
window.config.modalitySynthesis.storeUncertainty = false;
window.config.dataSources.push(...${JSON.stringify(sources)});`;

/** The same server as the data source `dicomweb` of the app config. */
const servers = {
  servers: {
    dicomWeb: [
      {
        name: 'pacs',
        wadoUriRoot: '/wado',
        qidoRoot: '/dicom-web',
        wadoRoot: '/dicom-web',
        imageRendering: 'wadors',
        thumbnailRendering: 'wadors',
        omitQuotationForMultipartRequest: true,
      },
    ],
  },
};

/** The phantom in the PACS as OHIF's JSON, its images by WADO-URI. */
function studyAsJson() {
  const series = phantomDatasets({ number: 1, series: twoSeries });
  const [{ StudyInstanceUID, StudyDate, StudyTime, PatientName, PatientID }] = series[0];
  return {
    studies: [
      {
        ...{ StudyInstanceUID, StudyDate, StudyTime, PatientName, PatientID, Modalities: 'MR' },
        NumInstances: series.flat().length,
        series: series.map(images => {
          const [{ SeriesInstanceUID, SeriesNumber, SeriesDescription, Modality }] = images;
          return {
            ...{ SeriesInstanceUID, SeriesNumber, SeriesDescription, Modality },
            instances: images.map(({ PixelData: _, ...metadata }) => {
              const uids = `studyUID=${StudyInstanceUID}&seriesUID=${SeriesInstanceUID}`;
              const query = `requestType=WADO&${uids}&objectUID=${metadata.SOPInstanceUID}`;
              return { metadata, url: `dicomweb:/wado?${query}&contentType=application/dicom` };
            }),
          };
        }),
      },
    ],
  };
}

const isAt = (path: string) => (url: URL) => url.pathname === path;

/** Makes a series and presses Accept; returns what the panel says then. */
async function makeAndAccept(app: SynthesisPage) {
  await app.ready();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.watermarks.first()).toBeVisible();
  await app.page.locator('[data-cy="synthesis-accept"]').last().click();
  return app.page.locator('[data-cy="synthesis-storage"]').last();
}

test("OHIF's other data sources: synthesis works, and Accept says where nothing can be stored @long", async ({
  viewer,
  pacs,
  phantom,
  page,
}) => {
  const app = await viewer({ studies: [], pacs: pacs.proxy.url, appConfig: configuration });
  const { url } = app.viewer;
  const nowhere = 'This data source cannot store; download the result instead; the result stays here.';

  await test.step('dicomwebproxy', async () => {
    await page.route(isAt('/servers.json'), route => route.fulfill({ json: servers }));
    await page.goto(`${url}/synthesis/dicomwebproxy?url=/servers.json&studyInstanceUIDs=${pacs.study}`);
    await expect(await makeAndAccept(app)).toHaveText(`Stored in the PACS: ${IMAGES} images, read back.`);
    expect(pacs.proxy.taken).toBe(IMAGES);
  });

  await test.step('dicomjson', async () => {
    await page.route(isAt('/study.json'), route => route.fulfill({ json: studyAsJson() }));
    await page.goto(`${url}/synthesis/dicomjson?url=/study.json`);
    await expect(await makeAndAccept(app)).toContainText(nowhere);
    const download = page.waitForEvent('download');
    await page.locator('[data-cy="synthesis-download"]').last().click();
    expect((await download).suggestedFilename()).toMatch(/\.zip$/);
    await page.locator('[data-cy="synthesis-reject"]').last().click();
  });

  await test.step('dicomlocal, in the stock mode', async () => {
    const folder = await phantom();
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.dcm'))
      .map(name => path.join(folder, name));
    await page.goto(`${url}/localbasic`);
    await page.locator('input[type="file"]').first().setInputFiles(files);
    await page.waitForURL(/dicomlocal/);
    await expect(await makeAndAccept(app)).toContainText(nowhere);
    await page.locator('[data-cy="synthesis-reject"]').last().click();
  });
  expect(pacs.proxy.taken).toBe(IMAGES);
});
