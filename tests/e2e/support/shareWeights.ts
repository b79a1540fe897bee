import path from 'node:path';
import { convertBundle, convertsBundles } from '@modality-synthesis/engine/testing/tools';
import type { Page } from '@playwright/test';
import { BUNDLES } from './SynthesisPage';

/**
 * Serves the tiny bundles with weights that their graphs share, if the training package can convert them.
 * @returns whether it does
 */
export async function shareWeights(page: Page, folder: string): Promise<boolean> {
  if (!convertsBundles()) return false;
  for (const id of ['cdm-tiny', 'brain-tiny']) {
    const converted = path.join(folder, id);
    convertBundle(id, converted);
    const prefix = `${BUNDLES}${id}/`;
    await page.route(`**${prefix}**`, route =>
      route.fulfill({
        path: path.join(converted, new URL(route.request().url()).pathname.slice(prefix.length)),
      }),
    );
  }
  return true;
}
