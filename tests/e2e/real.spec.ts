import { expectBrainOn } from './support/expectBrainOn';
import { expect, realStudy, test } from './support/test';

// A real patient: nothing from this study, not even a picture, may enter the repository. The other real
// study is in doubt.spec.ts.
test('openms-long-12: t1ce is made by the trained bundle when it is asked for @long', async ({
  viewer,
  folder,
}) => {
  const app = await viewer({ studies: [await realStudy('openms-long-12', folder)] });
  await app.open();
  // Enhancement is not predicted, so T1ce is not proposed.
  await expect(app.target('t1ce')).not.toBeChecked();
  await app.target('t1ce').check();
  await app.button.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.result('t1ce')).toBeVisible();
  await expect(app.watermarks).toBeVisible();
  await expectBrainOn(app, 'SYNTHETIC T1 post-contrast', 'AX T2');
});
