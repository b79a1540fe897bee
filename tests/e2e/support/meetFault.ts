import type { ViewerOptions } from '@modality-synthesis/viewer';
import { type Fault, killWorkers } from './faults';
import { type SynthesisPage, tinyBundle } from './SynthesisPage';
import { expect } from './test';

/** The stages of a job with the tiny model and no sample, as its steps name them. */
export const STAGES = ['read', 'register', 'brain', 'prepare', 'images', 'finish'];

const ACQUIRED = ['AX T1', 'AX T2'];
const SYNTHETIC = 'SYNTHETIC T1 post-contrast (CDM)';

type Pixels = ArrayLike<number>;

/** A viewer in which jobs meet faults, and the pixels that a job makes there. */
export interface FaultedViewer {
  app: SynthesisPage;
  pixels: Pixels;
}

/** Opens a study of T1 and T2 with a page that tells the stages of its jobs, and makes a first job. */
export async function openForFaults(
  viewer: (options: ViewerOptions) => Promise<SynthesisPage>,
  study: string,
): Promise<FaultedViewer> {
  const app = await viewer({ studies: [study], appConfig: tinyBundle });
  await app.page.addInitScript(() => {
    // In the page the panel tells the stage, but not each: those of the worker can be short.
    const tell = (stage?: string) =>
      stage && dispatchEvent(new CustomEvent('synthesis-stage', { detail: stage }));
    window.Worker = class extends Worker {
      constructor(...options: ConstructorParameters<typeof Worker>) {
        super(...options);
        this.addEventListener('message', ({ data }) => data?.type === 'progress' && tell(data.step.stage));
      }
    };
    const bar = () => document.querySelector<HTMLElement>('[data-cy="synthesis-progress"]');
    new MutationObserver(() => tell(bar()?.dataset.stage)).observe(document, {
      subtree: true,
      childList: true,
      attributes: true,
    });
  });
  await app.open({ folded: true });
  return { app, pixels: await makeSeries(app) };
}

/**
 * A job that meets a fault at a stage gives the right pixels or ends in one sentence without a trace, and the
 * next job gives the right pixels. A fault comes some milliseconds after its stage has begun.
 */
export async function meet({ app, pixels }: FaultedViewer, fault: Fault, stage: string): Promise<void> {
  // A worker of its own: the last one knows how the sources lie, and where the brain is.
  await (fault.before ?? killWorkers)(app);
  const reached = app.page.evaluate(
    stage =>
      new Promise<void>(resolve => {
        addEventListener('synthesis-stage', event => {
          if ((event as CustomEvent<string>).detail === stage) resolve();
        });
      }),
    stage,
  );
  await app.run.click();
  await reached;
  await fault.strike(app);
  await expect(app.progress).toBeHidden({ timeout: 90_000 });
  const code = (await app.message.isVisible()) ? await app.message.getAttribute('data-code') : null;
  const made = (await app.descriptions()).includes(SYNTHETIC);
  if (made) expect(largestDifference(await rejected(app), pixels)).toBeLessThanOrEqual(fault.within ?? 0);
  else {
    expect(await app.descriptions()).toEqual(ACQUIRED);
    expect(fault.messages).toContain(code);
  }
  await fault.end?.(app);
  if (!made) expect(largestDifference(await makeSeries(app), pixels)).toBe(0);
}

async function makeSeries(app: SynthesisPage): Promise<Pixels> {
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  return rejected(app);
}

/** The synthetic series' pixels; rejects it. */
async function rejected(app: SynthesisPage): Promise<Pixels> {
  const { pixels } = await app.readSeries(SYNTHETIC);
  await app.page.locator('[data-cy="synthesis-reject"]').last().click();
  await expect.poll(() => app.descriptions()).toEqual(ACQUIRED);
  return pixels;
}

function largestDifference(a: Pixels, b: Pixels): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
