import type { Browser, Page } from '@playwright/test';
import { viewport } from '../playwright.config';

/** Runs a task on a page of an empty browser context. */
export async function withPage<T>(browser: Browser, task: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport });
  try {
    return await task(await context.newPage());
  } finally {
    await context.close();
  }
}
