import type { Page } from '@playwright/test';
import { ACCOUNT } from './Login';

/** Signs in at the provider, as who was sent there. */
export async function signIn(page: Page): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(ACCOUNT);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}
