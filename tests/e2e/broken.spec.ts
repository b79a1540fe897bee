import path from 'node:path';
import {
  BROKEN_STUDIES,
  type BrokenStudy,
  tidyPhantom,
  writeBrokenStudy,
} from '@modality-synthesis/engine/testing/brokenStudies';
import { studyUid } from '@modality-synthesis/engine/testing/phantomStudy';
import { type HostWindow, type SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** Rows of the table, with the viewer's own message after Synthesize where it differs from the table's. */
const STUDIES: Readonly<Record<string, string | undefined>> = {
  'a slice was dropped': undefined,
  'a slice comes twice': undefined,
  'one slice has another size': undefined,
  'slices are sheared': undefined,
  'pixels are a kilometre wide': undefined,
  'a frame has no position': undefined,
  'a file ends within its pixels': 'Image 6 of the series “AX T1 of 7” could not be read',
  'an enhanced image ends within its pixels': 'Frame 1 of the series “AX T1 of 8” could not be read',
  'a CT': undefined,
};

/** Shows the T2, which is valid in each study, so that its study is active. */
function look(app: SynthesisPage, study: string): Promise<void> {
  return app.page.evaluate(study => {
    const { displaySetService, viewportGridService } = (window as unknown as HostWindow).services;
    const t2 = displaySetService
      .getActiveDisplaySets()
      .find(d => d.StudyInstanceUID === study && d.SeriesDescription === 'AX T2');
    viewportGridService.setDisplaySetsForViewports([
      {
        viewportId: viewportGridService.getState().activeViewportId,
        displaySetInstanceUIDs: [t2?.displaySetInstanceUID],
      },
    ]);
  }, study);
}

test('every broken study ends in its own text, and nothing is added to it', async ({ viewer, folder }) => {
  const broken = Object.keys(STUDIES).map((name, n) => ({
    number: n + 1,
    description: `AX T1 of ${n + 1}`,
    ...BROKEN_STUDIES.find(study => study.name === name)!,
  }));
  const folders = broken.map(({ number }) => path.join(folder, String(number)));
  for (const [n, { number, description, ...study }] of broken.entries()) {
    const t1: BrokenStudy['t1'] = images =>
      (study.t1?.(images) ?? images).map(image => ({ ...image, SeriesDescription: description }));
    await writeBrokenStudy(folders[n], { ...study, t1 }, tidyPhantom(number));
  }
  const app = await viewer({ studies: folders, appConfig: tinyBundle });
  await app.open();

  const sentences: string[] = [];
  for (const { name, number, description, refused = '', says = '' } of broken) {
    await test.step(name, async () => {
      const study = studyUid(number);
      const before = await app.descriptions(study);
      await look(app, study);
      await expect(app.panel).toContainText(description);
      if (refused) {
        // The toolbar's button: the last notification may cover the panel's.
        await app.button.click();
        await app.finished(30_000);
        const message = await app.message.innerText();
        expect(message).toContain(STUDIES[name] ?? refused);
        expect(message).toContain(`“${description}`);
        expect(message).toMatch(/^[A-Z].*\.$/);
        sentences.push(message);
      } else {
        await expect(app.source('none')).toContainText(says);
        await expect(app.source('none').getByRole('combobox')).toBeDisabled();
      }
      expect(before).toContain('AX T2');
      expect(await app.descriptions(study)).toEqual(before);
    });
  }
  expect(new Set(sentences).size).toBe(broken.length - 1);
});
