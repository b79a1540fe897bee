import { expectBrainOn } from './support/expectBrainOn';
import { expect, realStudy, test } from './support/test';

// A real patient: nothing from this study, not even a picture, may enter the repository. The other real
// study is in doubt.spec.ts.
test('openms-long-12: one click makes t1ce with the trained bundle @long', async ({ viewer, folder }) => {
  const app = await viewer({ studies: [await realStudy('openms-long-12', folder)] });
  await app.open();
  await app.button.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.result('t1ce')).toBeVisible();
  await expect(app.watermarks).toBeVisible();
  await expectBrainOn(app, 'SYNTHETIC T1 post-contrast', 'AX T2');
});
