import type { RunningViewer } from '@modality-synthesis/viewer';
import { launchOptions } from '../../playwright.config';
import { DevTools } from './DevTools';
import { COUNT_TEXTURES, type Memory, measureMemory } from './memory';

/** In the page: the panel takes a job. */
const FREE = `${one('synthesis-run')}?.disabled === false`;
const RESULTS = `document.querySelectorAll('.ms-result')`;
/** Job after which nothing may grow: by then all code is compiled and all caches are filled. */
export const SETTLED = 3;

/** After one job. */
export interface Sample extends Memory {
  /** Seconds from the press until the result is shown. */
  job: number;
  /** Seconds from the press until the result is gone, or stored. */
  end: number;
}

type End = 'reject' | 'accept';

/**
 * Synthesizes the missing contrast again and again in one tab of a Chromium of its own.
 * @param end what becomes of each result
 * @returns one sample a job; the first is that of the opened study
 */
export async function soak(
  end: End,
  jobs: number,
  { url, studies }: Pick<RunningViewer, 'url' | 'studies'>,
  onSample: (sample: Sample, n: number) => void = () => {},
): Promise<Sample[]> {
  const address = `${url}/synthesis?StudyInstanceUIDs=${studies[0].uid}`;
  const { executablePath, args } = launchOptions;
  const flags = [...args, '--window-size=1500,900'];
  const browser = await DevTools.open(executablePath, flags, address, COUNT_TEXTURES);
  const samples: Sample[] = [];
  const seconds = async (task: () => Promise<unknown>) => {
    const began = performance.now();
    await task();
    return (performance.now() - began) / 1000;
  };
  const press = (name: string) => browser.evaluate(`${one(name)}.click()`);
  try {
    await until(browser, `document.querySelector('.cornerstone-viewport-element canvas') && ${FREE}`);
    samples.push({ ...(await measureMemory(browser)), job: 0, end: 0 });
    for (let n = 1; n <= jobs; n++) {
      const results = end === 'accept' ? n : 1;
      const job = await seconds(async () => {
        await press('synthesis-run');
        await until(browser, `${RESULTS}.length === ${results} && ${FREE}`);
        await until(browser, one('synthetic-mark'));
      });
      const over = end === 'reject' ? all('synthesis-reject') : all('synthesis-accept');
      const ended = await seconds(async () => {
        await press(`synthesis-${end}`);
        await until(browser, `${over}.length === 0`);
        if (end === 'accept')
          await until(browser, `${all('synthesis-storage')}.every(e => e.dataset.kind === 'stored')`);
        else await until(browser, `!${one('synthetic-mark')}`);
      });
      samples.push({ ...(await measureMemory(browser)), job, end: ended });
      onSample(samples[n], n);
    }
  } finally {
    await browser.close();
  }
  return samples;
}

/** Waits until an expression holds in the page. */
function until(browser: DevTools, expression: string): Promise<unknown> {
  return browser.evaluate(`(async () => {
    const end = performance.now() + 180_000;
    while (!(${expression})) {
      if (performance.now() > end) throw new Error(${JSON.stringify(`Not within 180 s: ${expression}`)});
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  })()`);
}

/** JavaScript for the elements of this name in the page. */
function all(name: string): string {
  return `[...document.querySelectorAll('[data-cy="${name}"]')]`;
}

function one(name: string): string {
  return `${all(name)}.at(-1)`;
}
