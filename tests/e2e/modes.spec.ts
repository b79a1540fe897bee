import { type PhantomSeries, studyUid, twoSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { documentedModes } from './support/deploymentDocs';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** The panel in other modes, without OHIF's guided tour, which would lie over the page on the first visit. */
const otherModes = () =>
  `${documentedModes()}
  window.config.customizationService.global['ohif.tours'] = { $set: [] };`;

test('a site adds panel and button to the mode Segmentation; the others keep theirs @long', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({
    studies: [await phantom()],
    appConfig: `${tinyBundle}\n${otherModes()}`,
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

/** PET and CT of the phantom's head, as the mode TMTV wants them beside its MR. */
const petAndCt: readonly PhantomSeries[] = [
  {
    role: 't1',
    dims: [64, 64, 28],
    spacing: [3, 3, 6],
    attributes: {
      Modality: 'CT',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
      SeriesDescription: 'CT AC',
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      RescaleType: 'HU',
    },
  },
  {
    role: 't2',
    dims: [64, 64, 28],
    spacing: [3, 3, 6],
    attributes: {
      Modality: 'PT',
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.128',
      SeriesDescription: 'PET AC',
      ImageType: ['ORIGINAL', 'PRIMARY'],
      Units: 'BQML',
      CorrectedImage: ['ATTN', 'DECY'],
      DecayCorrection: 'START',
      SeriesDate: '20260101',
      SeriesTime: '120000',
      AcquisitionDate: '20260101',
      AcquisitionTime: '120000',
      PatientWeight: 70,
      RadiopharmaceuticalInformationSequence: [
        {
          RadiopharmaceuticalStartTime: '110000',
          RadiopharmaceuticalStartDateTime: '20260101110000',
          RadionuclideTotalDose: 370000000,
          RadionuclideHalfLife: 6586.2,
        },
      ],
    },
  },
];

test('a site adds the panel to the mode TMTV, which opens PET and CT: it takes the MR of that study @long', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({
    studies: [await phantom(1, [...twoSeries, ...petAndCt])],
    appConfig: `${tinyBundle}\n${otherModes()}`,
  });
  const { page } = app;
  await page.goto(`${app.viewer.url}/tmtv?StudyInstanceUIDs=${studyUid(1)}`);
  await page.locator('[data-cy="synthesis-btn"]').click({ timeout: 90_000 });
  await expect(app.panel).toContainText('T1 post-contrast from T1, T2');
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.watermarks.first()).toBeVisible();
  await page.locator('[data-cy="synthesis-reject"]').click();
  await expect(app.watermarks).toHaveCount(0);
  await expect(page.locator('[data-cy="viewport-overlay-top-left"]').first()).toContainText('AX T2');
});
