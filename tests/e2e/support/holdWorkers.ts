import type { Page } from '@playwright/test';

/** Holds all messages to the page's workers, so that nothing there can end; the answer lets them through. */
export async function holdWorkers(page: Page): Promise<() => Promise<void>> {
  const release = await page.evaluateHandle(() => {
    const { postMessage } = Worker.prototype;
    const held: (() => void)[] = [];
    Worker.prototype.postMessage = function (...parameters: unknown[]) {
      held.push(() => Reflect.apply(postMessage, this, parameters));
    };
    return () => {
      Worker.prototype.postMessage = postMessage;
      for (const post of held) post();
    };
  });
  return () => release.evaluate(letThrough => letThrough());
}
