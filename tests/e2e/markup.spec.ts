import type { PhantomSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { twoSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** Markup that notes that it ran, and templates of OHIF's i18next; at most 64 characters. */
const markup = (name: string) => `<img src=x onerror=ran("${name}")>{{x}}$t(y)`;
const DESCRIPTIONS = { SeriesDescription: 'T', ProtocolName: 'P' };

/** A series whose texts are markup; its times say what it is. */
function hostile(one: PhantomSeries): PhantomSeries {
  const texts = Object.fromEntries(
    Object.entries(DESCRIPTIONS).map(([keyword, letter]) => [keyword, `${one.role} ${markup(letter)}`]),
  );
  const attributes = {
    ...one.attributes,
    ...texts,
    PatientName: `${markup('N')}^B`,
    PatientID: markup('I'),
    StudyDescription: markup('D'),
    InstitutionName: markup('U'),
    Manufacturer: markup('M'),
    ManufacturerModelName: markup('L'),
    SequenceName: '<b>x</b>',
  };
  return { ...one, attributes };
}

test('markup in DICOM strings and in a bundle is text everywhere: nothing of it runs @long', async ({
  viewer,
  phantom,
}) => {
  const app = await viewer({ studies: [await phantom(1, twoSeries.map(hostile))], appConfig: tinyBundle });
  const { page } = app;
  const ran: string[] = [];
  await page.exposeFunction('ran', (name: string) => ran.push(name));
  await page.addInitScript(() => Object.assign(window, { print: () => {} }));
  await page.route('**/cdm-tiny/bundle.json', async route => {
    const response = await route.fetch();
    const json = await response.json();
    json.name = markup('bundle');
    json.intended_use = markup('use');
    json.limitations = [markup('limitation')];
    json.targets = { t1ce: { default: true, caution: markup('caution') } };
    await route.fulfill({ response, json });
  });
  await app.open();
  await expect(app.panel).toContainText(markup('T'));
  await expect(app.panel).toContainText(markup('caution'));
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.watermarks.first()).toContainText('<img src=x');
  for (const fold of ['record', 'model-card'])
    await app.unfold(app.result('t1ce').locator(`[data-cy="synthesis-${fold}"]`));
  for (const fold of ['about', 'kept-models'])
    await app.unfold(page.locator(`[data-cy="synthesis-${fold}"]`));
  await expect(page.locator('[data-cy="synthesis-kept-models"]')).toContainText(markup('bundle'));
  await expect(app.result('t1ce')).toContainText(markup('limitation'));
  await page.keyboard.press('Shift+C');
  await expect(app.viewports).not.toHaveCount(1);
  await page.click('[data-cy="synthesis-print"]');
  // Notifications and the states of a result name series too.
  await page.click('[data-cy="synthesis-accept"]');
  await expect(page.locator('[data-cy="synthesis-storage"]')).toContainText('download the result instead');
  await page.click('[data-cy="synthesis-reject"]');
  await expect(app.watermarks).toHaveCount(0);
  await expect(page.locator('img[src="x"]')).toHaveCount(0);
  expect(ran).toEqual([]);
});
