import { rm } from 'node:fs/promises';
import { type PhantomSeries, threeSeries } from '@modality-synthesis/engine/testing/phantomStudy';
import type { Page } from '@playwright/test';
import bundleTexts from '../../extension/src/i18n/bundleTexts.json' with { type: 'json' };
import shipped from '../../models/bundles/cdm-brain-mr/bundle.json' with { type: 'json' };
import { type HostWindow, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

/** Texts that we do not translate: series, models, files, DICOM. */
const NAMES =
  /“[^”]*”|„[^“]*“|AX T\d[\w ]*|CDM tiny \([^)]*\)|Brain extraction, tiny \([^)]*\)|SYNTHETIC .*\(CDM\)|[\w-]+ \d+\.\d+\.\d+|\S*\/\S*|\(?HTTP \d+\)?|SHA-256 \w+|onnxruntime-web/g;

function words(text: string): string[] {
  return (
    text
      .replace(NAMES, ' ')
      .toLowerCase()
      .match(/\p{L}{2,}/gu) ?? []
  );
}

/** Collects texts, labels and tooltips of the panel and the notifications from now on, transient ones too. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const shown = new Set<string>();
    Object.assign(window, { shown });
    const collect = () => {
      for (const part of document.querySelectorAll('[data-cy="synthesis-panel"], [data-sonner-toast]')) {
        const nodes = document.createTreeWalker(part, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
        for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
          if (node instanceof Element) {
            for (const name of ['aria-label', 'aria-valuetext', 'title']) {
              const value = node.getAttribute(name);
              if (value) shown.add(value);
            }
          } else if (node.parentElement?.tagName !== 'STYLE' && node.textContent?.trim()) {
            shown.add(node.textContent.trim());
          }
        }
      }
    };
    collect();
    new MutationObserver(collect).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  });
  return () => page.evaluate(() => [...(window as unknown as { shown: Set<string> }).shown]);
}

/** Expects no word of our English catalog that the German one lacks. */
async function expectGerman(page: Page, shown: readonly string[]): Promise<void> {
  const [de, en] = await page.evaluate(() => {
    const { default: i18n } = (window as unknown as HostWindow)['@ohif/i18n'];
    return ['de', 'en-US'].map(language => i18n.getResourceBundle(language, 'ModalitySynthesis'));
  });
  const german = new Set([...Object.values(de), ...Object.values(bundleTexts.de)].flatMap(words));
  const english = new Set(
    [...Object.values(en), ...Object.keys(bundleTexts.de)].flatMap(words).filter(word => !german.has(word)),
  );
  expect(english.size).toBeGreaterThan(300);
  expect(shown.filter(text => words(text).some(word => english.has(word)))).toEqual([]);
}

test('a job from its warning to its end is in German, and so is the state of its result', async ({
  viewer,
  phantom,
}) => {
  const [t1, t2, flair] = threeSeries;
  const dwi = { ...t2, attributes: { SeriesDescription: 'AX DWI b1000' } };
  const short: PhantomSeries = {
    ...t1,
    dims: [90, 110, 30],
    attributes: { SeriesDescription: 'AX T1 short' },
  };
  const app = await viewer({
    studies: [await phantom(1, [t1, t2, flair, dwi, short])],
    appConfig: tinyBundle,
  });
  // The tiny model with the texts of the shipped one.
  await app.page.route('**/cdm-tiny/bundle.json', async route => {
    const response = await route.fetch();
    const { intended_use, not_for, limitations } = shipped;
    await route.fulfill({
      response,
      json: { ...(await response.json()), intended_use, not_for, limitations },
    });
  });
  await app.open({ query: '&lng=de' });
  const shown = await listen(app.page);
  await expect(app.button.getByRole('button')).toHaveAccessibleName('Fehlende Modalität synthetisieren');
  await expect(app.source('none').first()).toContainText('Das ist eine Diffusionsaufnahme');
  await expect(app.source('none').nth(1)).toContainText('Nicht gewählt: „AX T1“ wird als T1 verwendet');
  await expect(app.check('resolution')).toContainText('1,8 mm');

  await expect(app.panel).toContainText('Fehlend, zu synthetisieren');
  await expect(app.panel).not.toContainText('Missing');
  await expect(app.run).toHaveText('Synthetisieren');
  for (const contrast of ['t2', 'flair']) await app.choose(app.source(contrast), 'nicht verwendet');
  await app.run.click();
  await expect(app.message).toContainText('Lesen Sie die Warnungen', { timeout: 120_000 });
  for (const check of ['sources', 'fit']) await app.accept(check).check();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.message).toHaveText(/synthetisiert\. .*rechnet auf dem Prozessor \(WebAssembly/);

  const result = app.result('t1ce');
  // Watermark and files do not depend on the language.
  await expect(app.watermarks).toContainText('SYNTHETIC');
  await expect(result).toContainText('Vorhergesagt, nicht gemessen.');
  await expect(result).toContainText('schließt nichts aus');
  for (const fold of ['record', 'model-card'])
    await app.unfold(result.locator(`[data-cy="synthesis-${fold}"]`));
  await app.unfold(app.page.locator('[data-cy="synthesis-about"]'));
  await app.unfold(app.page.locator('[data-cy="synthesis-kept-models"]'));
  await app.page
    .getByRole('button', { name: /von diesem Rechner entfernen$/ })
    .first()
    .click();
  await expect(app.page.locator('[data-cy="synthesis-kept-model"]').first()).toContainText('behalten seit');
  await expect(result).toContainText('Diagnose, Therapieplanung');
  await result.getByRole('button', { name: 'Synthetisches T1 nach Kontrastmittel annehmen' }).click();
  await expect(result.getByRole('alert')).toContainText('Dieses Archiv nimmt keine Bilder an (HTTP 405)');
  await result.getByRole('button', { name: /verwerfen/ }).click();
  await expect.poll(shown).toContain('Synthetisches T1 nach Kontrastmittel wurde verworfen und entfernt.');
  await expect.poll(shown).toContain('Fehlende Modalität synthetisieren');
  // The progress, which is transient.
  expect((await shown()).join('\n')).toMatch(/\d+ %: Liest Bild \d+ von \d+/);
  await expectGerman(app.page, await shown());
});

test('a broken series, a cancelled job and a missing model are in German', async ({ viewer, phantom }) => {
  const study = await phantom(1, threeSeries);
  await rm(`${study}/2_t2/IM0010.dcm`);
  const app = await viewer({ studies: [study], appConfig: tinyBundle });
  await app.open({ query: '&lng=de' });
  const shown = await listen(app.page);
  await app.run.click();
  expect(await app.finished()).toBe('series/unusable preflight/choose-another');
  await expect(app.message).toHaveText(
    'Die Serie „AX T2“ kann nicht verwendet werden: zwischen Bild 10 und 12 fehlt 1 Schicht. Wählen Sie eine andere Serie als T2 oder keine.',
  );
  await app.choose(app.source('t2'), 'nicht verwendet');
  await app.run.click();
  await app.cancel.click();
  expect(await app.finished()).toBe('job/cancelled');
  await expect(app.message).toHaveText('Die Synthese wurde abgebrochen; nichts wurde behalten.');

  await app.page.route('**/cdm-tiny/wasm/*.onnx', route => route.abort());
  await app.run.click();
  expect(await app.finished()).toBe('bundle/unreachable');
  await expect(app.message).toHaveText(/^Die Modelldatei \S+\.onnx konnte nicht gelesen werden\./);
  await expectGerman(app.page, await shown());
});
