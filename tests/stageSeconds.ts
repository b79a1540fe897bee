import { domainOf, METHODS, stageNames } from '@modality-synthesis/engine';
import type { Page } from '@playwright/test';

export type Seconds = Record<string, number>;

/** The stages of a job with the shipped model. */
export const STAGES = stageNames(METHODS[0].stages, domainOf().region.id);

/**
 * Synthesizes FLAIR in the viewer with the study and provider of `url`.
 * @param onReady called when the study is open, before the job
 * @returns seconds of each stage: `whole` from the last report of the previous stage, `own` from its first
 *   report, without the start of networks
 */
export async function stageSeconds(
  page: Page,
  url: string,
  onReady: () => Promise<void> = async () => {},
): Promise<{ whole: Seconds; own: Seconds }> {
  await page.goto(url);
  await page.locator('[data-cy="synthesis-plan"]', { hasText: 'FLAIR from' }).waitFor();
  await onReady();
  await page.evaluate(() => {
    const reported: [at: number, stage: string][] = [];
    let before: string | null = null;
    Object.assign(window, { reported });
    new MutationObserver(() => {
      const bar = document.querySelector<HTMLElement>('[data-cy="synthesis-progress"]');
      const text = bar?.getAttribute('aria-valuetext') ?? null;
      if (bar?.dataset.stage && text !== before) reported.push([performance.now(), bar.dataset.stage]);
      before = text;
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  const began = await page.evaluate(() => performance.now());
  await page.click('[data-cy="synthesis-run"]');
  await page.locator('[data-cy="synthesis-result-flair"]').waitFor({ timeout: 300_000 });
  const ended = await page.evaluate(() => performance.now());
  const reported = await page.evaluate(
    () => (window as unknown as { reported: [number, string][] }).reported,
  );
  let before = began;
  const spans = STAGES.map(stage => {
    const reports = reported.filter(([, name]) => name === stage).map(([at]) => at);
    const first = reports[0] ?? before;
    const end = stage === 'finish' ? ended : (reports.at(-1) ?? before);
    const span = { stage, whole: (end - before) / 1000, own: (end - first) / 1000 };
    before = end;
    return span;
  });
  const by = (part: 'whole' | 'own') => Object.fromEntries(spans.map(span => [span.stage, span[part]]));
  return { whole: by('whole'), own: by('own') };
}
