import { METHODS, stageNames } from '@modality-synthesis/engine';
import type { Page } from '@playwright/test';

export type Seconds = Record<string, number>;

/** The stages of a job with the shipped model. */
export const STAGES = stageNames(METHODS[0].stages);

/**
 * Synthesizes FLAIR in the viewer, on the study and provider that `url` names.
 * @returns seconds of each stage: `whole` from the last report of the stage before it, `own` from its first report, before which
 *   networks may have been started
 */
export async function stageSeconds(page: Page, url: string): Promise<{ whole: Seconds; own: Seconds }> {
  await page.goto(url);
  await page.locator('[data-cy="synthesis-target-flair"]').waitFor();
  await page.evaluate(() => {
    const told: [at: number, stage: string][] = [];
    let before: string | null = null;
    Object.assign(window, { told });
    new MutationObserver(() => {
      const bar = document.querySelector<HTMLElement>('[data-cy="synthesis-progress"]');
      const words = bar?.getAttribute('aria-valuetext') ?? null;
      if (bar?.dataset.stage && words !== before) told.push([performance.now(), bar.dataset.stage]);
      before = words;
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  const began = await page.evaluate(() => performance.now());
  await page.click('[data-cy="synthesis-run"]');
  await page.locator('[data-cy="synthesis-result-flair"]').waitFor({ timeout: 300_000 });
  const ended = await page.evaluate(() => performance.now());
  const told = await page.evaluate(() => (window as unknown as { told: [number, string][] }).told);
  let before = began;
  const spans = STAGES.map(stage => {
    const reports = told.filter(([, reported]) => reported === stage).map(([at]) => at);
    const first = reports[0] ?? before;
    const end = stage === 'finish' ? ended : (reports.at(-1) ?? before);
    const span = { stage, whole: (end - before) / 1000, own: (end - first) / 1000 };
    before = end;
    return span;
  });
  const by = (part: 'whole' | 'own') => Object.fromEntries(spans.map(span => [span.stage, span[part]]));
  return { whole: by('whole'), own: by('own') };
}
