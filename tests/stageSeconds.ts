import { domainOf, METHODS, stageNames } from '@modality-synthesis/engine';
import type { Page } from '@playwright/test';

/** By stage. */
export type Seconds = Record<string, number>;

export interface StageTimes {
  /** From the last report of the previous stage. */
  whole: Seconds;
  /** From its first report, without the start of networks. */
  own: Seconds;
  /** Number of steps that the stage counts. */
  runs: Record<string, number>;
}

/** The stages of a job with the shipped model. */
export const STAGES = stageNames(METHODS[0].stages, domainOf().region.id);

const RESULT = '[data-cy="synthesis-result-flair"]';

/**
 * Synthesizes FLAIR in the viewer, any version of it.
 * @param url with study and provider; default: the page as it is, once more
 * @returns from the click to the result, s
 */
export async function jobSeconds(page: Page, url?: string): Promise<number> {
  if (url) await page.goto(url);
  const before = await page.locator(RESULT).count();
  const run = page.locator('[data-cy="synthesis-run"]:enabled');
  await run.waitFor();
  const began = performance.now();
  await run.click();
  await page.locator(RESULT).nth(before).waitFor({ timeout: 300_000 });
  return (performance.now() - began) / 1000;
}

/**
 * Synthesizes in the viewer what the panel plans, and follows the stages.
 * @param url with study and provider; default: the page as it is, once more
 * @param onReady called when the study is open, before the job
 */
export async function stageSeconds(
  page: Page,
  url?: string,
  onReady: () => Promise<void> = async () => {},
): Promise<StageTimes> {
  if (url) await page.goto(url);
  const results = await page.locator(RESULT).count();
  await page.locator('[data-cy="synthesis-plan"]', { hasText: ' from ' }).waitFor();
  await onReady();
  await page.evaluate(() => {
    const reported: [at: number, stage: string, of: number][] = [];
    let before: string | null = null;
    Object.assign(window, { reported });
    new MutationObserver(() => {
      const bar = document.querySelector<HTMLElement>('[data-cy="synthesis-progress"]');
      const text = bar?.getAttribute('aria-valuetext') ?? null;
      const numbers = text?.match(/\d+/g) ?? [];
      if (bar?.dataset.stage && text !== before) {
        reported.push([performance.now(), bar.dataset.stage, Number(numbers.at(-1))]);
      }
      before = text;
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  const began = await page.evaluate(() => performance.now());
  await page.click('[data-cy="synthesis-run"]:enabled');
  await page.locator(RESULT).nth(results).waitFor({ timeout: 300_000 });
  const ended = await page.evaluate(() => performance.now());
  const reported = await page.evaluate(
    () => (window as unknown as { reported: [number, string, number][] }).reported,
  );
  let before = began;
  const spans = STAGES.map(stage => {
    const reports = reported.filter(([, name]) => name === stage);
    const first = reports.at(0)?.[0] ?? before;
    const end = stage === 'finish' ? ended : (reports.at(-1)?.[0] ?? before);
    const span = { stage, whole: (end - before) / 1000, own: (end - first) / 1000 };
    before = end;
    return { ...span, runs: reports.at(-1)?.[2] ?? 0 };
  });
  const by = (part: 'whole' | 'own' | 'runs') =>
    Object.fromEntries(spans.map(span => [span.stage, span[part]]));
  return { whole: by('whole'), own: by('own'), runs: by('runs') };
}
