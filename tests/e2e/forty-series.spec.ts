import type { PhantomSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { threeSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** A series of six images that no job can use or that is worse than another; attributes by keyword. */
const small = (
  SeriesDescription: string,
  attributes: PhantomSeries['attributes'] = {},
  role: PhantomSeries['role'] = 't2',
): PhantomSeries => ({
  role,
  dims: [48, 56, 6],
  spacing: [4, 4, 25],
  attributes: { SeriesDescription, ...attributes },
});
const times = (n: number, one: (k: number) => PhantomSeries) =>
  Array.from({ length: n }, (_, k) => one(k + 1));

/** Thirty-seven series of a long examination beside T1, T2 and FLAIR, in the order of the scanner. */
const others: readonly PhantomSeries[] = [
  ...times(3, k => small(`Localizer ${k}`, { ImageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] })),
  small('AAHead_Scout', { ImageType: ['ORIGINAL', 'PRIMARY', 'M', 'ND'] }),
  ...times(4, k => small(`ep2d_diff_b${[0, 500, 1000, 2000][k - 1]}`, { ScanningSequence: 'EP' })),
  small('ep2d_diff_TRACEW', { ImageType: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'TRACEW'] }),
  small('ep2d_diff_ADC', { ImageType: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'ADC'] }),
  small('ep2d_diff_FA', { ImageType: ['DERIVED', 'PRIMARY', 'DIFFUSION', 'FA'] }),
  ...times(2, k => small(`SWI ${['Mag', 'Pha'][k - 1]}_Images`, { ScanningSequence: 'GR' })),
  small('SWI mIP_Images(SW)', { ImageType: ['DERIVED', 'PRIMARY', 'MNIP'] }),
  small('TOF_3D_multi-slab', { ScanningSequence: 'GR' }),
  ...times(6, k =>
    small(`TOF MIP rotation ${k}`, { ImageType: ['DERIVED', 'SECONDARY', 'PROJECTION IMAGE', 'MIP'] }),
  ),
  ...times(4, k => small(`ep2d_perf phase ${k}`, { ScanningSequence: 'EP' })),
  small('relCBF', { ImageType: ['DERIVED', 'PRIMARY', 'PERFUSION', 'RCBF'] }),
  small('relCBV', { ImageType: ['DERIVED', 'PRIMARY', 'PERFUSION', 'RCBV'] }),
  small('TTP', { ImageType: ['DERIVED', 'PRIMARY', 'PERFUSION', 'TTP'] }),
  ...times(2, k =>
    small(`${['COR', 'SAG'][k - 1]} T1 MPR`, { ImageType: ['DERIVED', 'SECONDARY', 'MPR'] }, 't1'),
  ),
  small('SAG T1 SE fast', {}, 't1'),
  small('COR T2 HIPPOCAMPUS'),
  small('T2 SPINE CERVICAL SAG', { BodyPartExamined: 'CSPINE' }),
  small('T1 SPINE CERVICAL SAG', { BodyPartExamined: 'CSPINE' }, 't1'),
  small('Phase contrast venography', { ScanningSequence: 'GR' }),
  small('CISS IAC', { ScanningSequence: 'GR' }),
  small('MRS svs_se_30'),
];

test('a study of 40 series: the right ones are taken, the panel stays usable, a job is made @long', async ({
  viewer,
  phantom,
}, info) => {
  const [t1, t2, flair] = threeSeries;
  const series = [...others.slice(0, 4), t2, ...others.slice(4, 20), flair, ...others.slice(20), t1];
  expect(series).toHaveLength(40);
  const app = await viewer({ studies: [await phantom(1, series)], appConfig: tinyBundle });
  const { page } = app;
  await app.open();
  const rows = page.locator('[data-cy^="synthesis-source-"]');
  await expect(rows).toHaveCount(40);
  await expect(app.source('none')).toHaveCount(37);
  for (const [role, description] of [
    ['t1', '40. AX T1'],
    ['t2', '5. AX T2'],
    ['flair', '22. AX T2 FLAIR'],
  ] as const) {
    await expect(app.source(role)).toHaveCount(1);
    await expect(app.source(role)).toContainText(description);
    await expect(app.picture(role)).toBeVisible();
  }
  await expect(app.target('t1ce')).toBeChecked();
  // The button stays in view at the end of the list.
  await app.target('t1ce').scrollIntoViewIfNeeded();
  await expect(app.target('t1ce')).toBeInViewport();
  await expect(app.run).toBeInViewport();
  await page.screenshot({ path: info.outputPath('panel.png') });

  await app.run.click();
  await app.acceptWarnings();
  expect(await app.finished()).toBe('job/done');
  await expect(app.result('t1ce')).toBeInViewport();
  await expect(app.watermarks.first()).toBeVisible();
  expect(await app.descriptions()).toHaveLength(41);
  await page.screenshot({ path: info.outputPath('result.png') });
});
