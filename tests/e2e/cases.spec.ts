import { buildCase, buildsCases } from '../cases/buildCase';
import { CASES } from '../cases/cases';
import { expect, test } from './support/test';

/** Studies of public bug reports, one or two of each kind that headers tell; no part of this repository. */
const SHOWN = ['03', '09', '14', '22', '26', '29', '34', '36', '39', '44', '46', '57', '61', '70', '71'];
/** One of each colour and confidence; the long tests show the others, the command line all. */
const QUICK = ['09', '36', '46', '71'];

test.skip(!buildsCases(), 'the reported studies or pydicom are not on this machine');

for (const id of SHOWN) {
  const { kind, target, sources = {}, level = 'green', codes = [], says } = CASES[id];
  const long = QUICK.includes(id) ? '' : ' @long';
  test(`reported study ${id} (${kind}) is shown as the command line tells${long}`, async ({
    viewer,
    folder,
  }) => {
    const app = await viewer({ studies: [buildCase(id, folder)] });
    await app.open();
    for (const [role, confidence] of Object.entries(sources)) {
      await expect(app.source(role)).toHaveCount(1);
      await expect(app.source(role)).toContainText(`${confidence} confidence`);
    }
    await expect(app.target(target)).toHaveCount(target in sources ? 0 : 1);
    if (Object.keys(sources).length === 4) return;
    // Not proposed, and the panel says why.
    if (target === 't1ce') {
      await expect(app.page.locator('[data-cy="synthesis-why-t1ce"]')).toHaveText(
        /Enhancement is not predicted/,
      );
      await app.target(target).check();
      await app.unfold(app.passed);
    }
    await expect(app.check('sources')).toHaveAttribute('data-level', level);
    if (level === 'green') return;
    await expect(app.check('sources')).toHaveAttribute('data-code', codes.join(' '));
    if (says) await expect(app.check('sources')).toContainText(says);
  });
}

const SPLIT = [
  {
    id: '27',
    opened: 1,
    level: 'red',
    code: 'preflight/single-images',
    says: 'under other StudyInstanceUIDs',
  },
  { id: '27', opened: 3, level: 'red', code: 'preflight/split-study', says: 'been split into 3' },
  { id: '28', opened: 3, level: 'amber', code: 'preflight/split-study', says: 'been split into 3' },
] as const;

for (const { id, opened, level, code, says } of SPLIT) {
  const what = opened === 1 ? 'one of its studies' : `${opened} of its studies`;
  test(`reported study ${id} (a StudyInstanceUID is not one study): ${what} opened`, async ({
    viewer,
    folder,
  }) => {
    const app = await viewer({ studies: [buildCase(id, folder)] });
    await app.open({ studies: app.viewer.studies.slice(0, opened).map(s => s.uid) });
    await expect(app.check('sources')).toHaveAttribute('data-level', level);
    await expect(app.check('sources')).toHaveAttribute('data-code', code);
    await expect(app.check('sources')).toContainText(says);
    await expect(app.check('sources')).toContainText('exported or anonymized again');
  });
}
