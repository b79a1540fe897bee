/**
 * `npm run bench:scroll`: whether a reader who scrolls at 30 images a second notices a job. Three sources of
 * 256 x 256 x 176, tiny bundle, WebAssembly. In one run: OHIF without the extension, the extension without a
 * job, and with one. Writes a table of docs/soak.md.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startViewer } from '@modality-synthesis/viewer';
import { chromium, type Page } from '@playwright/test';
import { launchOptions, viewport } from '../playwright.config';
import { tinyBundle } from './e2e/support/SynthesisPage';
import { fineVolumes, writeFineStudy } from './fineStudy';
import { replaceTable } from './replaceTable';

const ROOT = path.resolve(import.meta.dirname, '..');
/** Images a second. */
const RATE = 30;
/** How long the reader scrolls where no job runs, ms. */
const WITHOUT_JOB = 20_000;
/** A frame or task that takes longer is noticed, ms. */
const NOTICED = 100;

/** What the page did while it was scrolled, ms. */
interface Seen {
  /** From each animation frame to the next. */
  frames: number[];
  /** Tasks of more than 50 ms. */
  tasks: number[];
  /** Scripts of the extension in frames of more than 50 ms, with what called them. */
  ours: { at: number; ms: number; invoker: string; source: string; position: number }[];
}

/** Scrolls the first viewport up and down and watches the page. */
function startScrolling(page: Page): Promise<void> {
  return page.evaluate(rate => {
    const seen: Seen = { frames: [], tasks: [], ours: [] };
    // No function has a name here: tsx would call a helper that the page lacks.
    let [before, scrolling] = [performance.now(), true];
    void (async () => {
      while (scrolling) {
        const now = await new Promise<number>(requestAnimationFrame);
        seen.frames.push(now - before);
        before = now;
      }
    })();
    const tasks = new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) seen.tasks.push(duration);
    });
    tasks.observe({ type: 'longtask' });
    interface Script {
      startTime: number;
      duration: number;
      invoker: string;
      sourceURL: string;
      sourceCharPosition: number;
    }
    const scripts = new PerformanceObserver(list => {
      for (const entry of list.getEntries())
        for (const script of (entry as unknown as { scripts: Script[] }).scripts)
          if (script.sourceURL.includes('/ohif-extension-modality-synthesis/'))
            seen.ours.push({
              at: script.startTime,
              ms: script.duration,
              invoker: script.invoker,
              source: script.sourceURL,
              position: script.sourceCharPosition,
            });
    });
    scripts.observe({ type: 'long-animation-frame' });
    const element = document.querySelector('.cornerstone-viewport-element')!;
    const { x, y, width, height } = element.getBoundingClientRect();
    const at = { clientX: x + width / 2, clientY: y + height / 2, bubbles: true, cancelable: true };
    let step = 0;
    const wheel = setInterval(() => {
      const down = Math.floor(step++ / 100) % 2 === 0;
      element.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: down ? 100 : -100 }));
    }, 1000 / rate);
    Object.assign(window, { seenScrolling: seen });
    window.addEventListener(
      'stop-scrolling',
      () => {
        scrolling = false;
        clearInterval(wheel);
        tasks.disconnect();
        scripts.disconnect();
      },
      { once: true },
    );
  }, RATE);
}

function stopScrolling(page: Page): Promise<Seen> {
  return page.evaluate(() => {
    window.dispatchEvent(new Event('stop-scrolling'));
    return (window as unknown as { seenScrolling: Seen }).seenScrolling;
  });
}

/** Scrolls through the whole stack once, so that all images are loaded and all code is compiled. */
async function warmUp(page: Page): Promise<void> {
  await page.locator('.cornerstone-viewport-element canvas').first().waitFor();
  await startScrolling(page);
  await page.waitForTimeout(12_000);
  await stopScrolling(page);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'modality-synthesis-scroll-'));
const browser = await chromium.launch(launchOptions);
try {
  await writeFineStudy(folder, await fineVolumes([256, 256, 176]));
  const bare = await startViewer({ studies: [folder], plugins: [] });
  const viewer = await startViewer({ studies: [folder], appConfig: tinyBundle });
  const query = `StudyInstanceUIDs=${viewer.studies[0].uid}&synthesisProvider=wasm`;
  const open = async (url: string) => {
    const page = await (await browser.newContext({ viewport })).newPage();
    await page.goto(url);
    await warmUp(page);
    return page;
  };
  const scroll = async (page: Page, during: () => Promise<unknown>) => {
    await startScrolling(page);
    await during();
    return stopScrolling(page);
  };
  const stockPage = await open(`${bare.url}/viewer?${query}`);
  const stock = await scroll(stockPage, () => stockPage.waitForTimeout(WITHOUT_JOB));
  await stockPage.context().close();
  const page = await open(`${viewer.url}/synthesis?${query}`);
  const idle = await scroll(page, () => page.waitForTimeout(WITHOUT_JOB));
  const job = await scroll(page, async () => {
    await page.click('[data-cy="synthesis-run"]');
    await page.locator('.ms-result').first().waitFor({ timeout: 200_000 });
  });
  await browser.close();
  await bare.close();
  await viewer.close();
  report({ "OHIF's stock mode": stock, 'with the extension': idle, 'during a job': job });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

function report(runs: Record<string, Seen>): void {
  const [reference] = Object.values(runs);
  const share = (values: readonly number[], q: number) =>
    [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? 0;
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);
  const late = ({ frames }: Seen) => (1000 * frames.filter(ms => ms > NOTICED).length) / frames.length;
  const row = ([name, seen]: [string, Seen]) => {
    const median = share(seen.frames, 0.5);
    return `| ${[
      name,
      `${median.toFixed(0)} (${(median / share(reference.frames, 0.5)).toFixed(2)})`,
      `${share(seen.frames, 0.95).toFixed(0)} (${(share(seen.frames, 0.95) / share(reference.frames, 0.95)).toFixed(2)})`,
      most(seen.frames).toFixed(0),
      late(seen).toFixed(1),
      seen.tasks.filter(ms => ms > NOTICED).length,
      most(seen.ours.map(({ ms }) => ms)).toFixed(0),
    ].join(' | ')} |`;
  };
  for (const { ms, invoker, position } of runs['during a job'].ours.sort((a, b) => b.ms - a.ms).slice(0, 12))
    console.log(`${ms.toFixed(0)} ms ${invoker} at ${position}`);
  replaceTable(path.join(ROOT, 'docs/soak.md'), 'scroll', [
    '| scrolling | from frame to frame, median, ms (ratio) | 95 % (ratio) | longest | over 100 ms, per thousand | tasks over 100 ms | longest script of ours, ms |',
    '|---|---|---|---|---|---|---|',
    ...Object.entries(runs).map(row),
  ]);
}
