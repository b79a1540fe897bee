import path from 'node:path';
import { convertBundle, convertsBundles } from '@modality-synthesis/engine/testing/tools';
import type { Page } from '@playwright/test';
import { BUNDLES } from './SynthesisPage';

/**
 * Serves the tiny brain bundle with weights that its graphs share, as those of the other do, if the training
 * package can convert it.
 * @returns whether it does
 */
export async function shareWeights(page: Page, folder: string): Promise<boolean> {
  if (!convertsBundles()) return false;
  const converted = path.join(folder, 'brain-tiny');
  convertBundle('brain-tiny', converted);
  const prefix = `${BUNDLES}brain-tiny/`;
  await page.route(`**${prefix}**`, route =>
    route.fulfill({
      path: path.join(converted, new URL(route.request().url()).pathname.slice(prefix.length)),
    }),
  );
  return true;
}
