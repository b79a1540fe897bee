import { STAGES, type Stage } from '@modality-synthesis/engine';
import type { Page } from '@playwright/test';

export type Seconds = Record<Stage, number>;

/** What the progress bar says first in each stage. */
const WORDS: Record<Stage, RegExp> = {
  read: /Reading/,
  register: /Measuring/,
  brain: /Finding/,
  download: /Loading/,
  check: /Checking/,
  prepare: /Resampling/,
  tokens: /Encoding/,
  diffusion: /Predicting/,
  images: /Making/,
  finish: /Writing/,
};

/**
 * Synthesizes FLAIR in the viewer, on the study and provider that `url` names.
 * @returns seconds of each stage: `whole` from the last report of the stage before it, `own` from its first report, before which
 *   networks may have been started
 */
export async function stageSeconds(page: Page, url: string): Promise<{ whole: Seconds; own: Seconds }> {
  await page.goto(url);
  await page.locator('[data-cy="synthesis-target-flair"]').waitFor();
  await page.evaluate(() => {
    const told: [number, string][] = [];
    Object.assign(window, { told });
    new MutationObserver(() => {
      const words = document.querySelector('[data-cy="synthesis-progress"]')?.getAttribute('aria-valuetext');
      if (words && told.at(-1)?.[1] !== words) told.push([performance.now(), words]);
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  const began = await page.evaluate(() => performance.now());
  await page.click('[data-cy="synthesis-run"]');
  await page.locator('[data-cy="synthesis-result-flair"]').waitFor({ timeout: 300_000 });
  const ended = await page.evaluate(() => performance.now());
  const told = await page.evaluate(() => (window as unknown as { told: [number, string][] }).told);
  let before = began;
  const spans = STAGES.map(stage => {
    const reports = told.filter(([, words]) => WORDS[stage].test(words)).map(([at]) => at);
    const first = reports[0] ?? before;
    const end = stage === 'finish' ? ended : (reports.at(-1) ?? before);
    const span = { stage, whole: (end - before) / 1000, own: (end - first) / 1000 };
    before = end;
    return span;
  });
  const by = (part: 'whole' | 'own') =>
    Object.fromEntries(spans.map(span => [span.stage, span[part]])) as Seconds;
  return { whole: by('whole'), own: by('own') };
}
