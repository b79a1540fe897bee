import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { addKit } from '@modality-synthesis/viewer/kit';
import { ensureViewer, type ViewerVersion } from '@modality-synthesis/viewer/setup';
import type { Page } from '@playwright/test';
import { documentedConfiguration } from './deploymentDocs';
import { type RunningNginx, startNginx } from './nginx';
import { BUNDLES, SynthesisPage, tinyBundle } from './SynthesisPage';

const root = path.resolve(import.meta.dirname, '../../..');
const tiny = ['cdm-tiny', 'brain-tiny'].map(id => path.join(root, 'models/bundles', id));

interface SiteSetting {
  base?: string;
  /** Changes the documented configuration. */
  configure?: (configuration: string) => string;
  /** JavaScript at the end of the app config. */
  appConfig?: string;
}

export interface NginxSetting extends SiteSetting {
  version?: ViewerVersion;
  /** Folders of bundles besides the tiny ones. */
  bundles?: readonly string[];
}

/** Where the viewer under a path lies in the folder of a test. */
export const viewerFolder = (folder: string, base = '/viewer/'): string => path.join(folder, 'www', base);

/**
 * A viewer with the kit and the tiny bundles behind nginx as documented.
 * @param folder for the viewer and nginx's own files
 * @param pacs address of the PACS
 */
export async function serveByNginx(
  folder: string,
  pacs: string,
  { version, bundles: own = [], appConfig = '', ...site }: NginxSetting,
): Promise<RunningNginx> {
  const { base = '/viewer/' } = site;
  const out = viewerFolder(folder, base);
  await addKit({ viewer: await ensureViewer(version), out, base, bundles: [...tiny, ...own] });
  const bundles = tinyBundle.replaceAll(BUNDLES, path.posix.join(base, BUNDLES));
  // The map of the expected error would double the time that Accept takes.
  const imagesOnly = 'window.config.modalitySynthesis.storeUncertainty = false;';
  return serveFolder(folder, pacs, { ...site, appConfig: [bundles, imagesOnly, appConfig].join('\n') });
}

/** The same with what lies in `viewerFolder`. */
export async function serveFolder(
  folder: string,
  pacs: string,
  { base = '/viewer/', configure = text => text, appConfig = '' }: SiteSetting,
): Promise<RunningNginx> {
  const site = await readFile(path.join(root, 'viewer/app-config.js'), 'utf8');
  await writeFile(path.join(viewerFolder(folder, base), 'app-config.js'), [site, appConfig].join('\n'));
  const configuration = configure(documentedConfiguration().replaceAll('/viewer/', base));
  return startNginx(folder, { www: path.join(folder, 'www'), pacs, configuration });
}

export function nginxPage(page: Page, { url }: RunningNginx, base = '/viewer/'): SynthesisPage {
  return new SynthesisPage(page, { url: `${url}${base}`.replace(/\/$/, ''), studies: [] });
}

/** Errors that our scripts throw or write to the console, as they come. */
export function watchErrors(page: Page): readonly string[] {
  const seen: string[] = [];
  const isOurs = (place: string) => place.includes('modality-synthesis');
  page.on('pageerror', ({ stack = '' }) => void (isOurs(stack) && seen.push(stack)));
  page.on('console', message => {
    if (message.type() === 'error' && isOurs(message.location().url)) seen.push(message.text());
  });
  return seen;
}

/** What the policy of the page forbids, each once, as directive and beginning of the element. */
export async function watchPolicy(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { forbidden: seen });
    document.addEventListener('securitypolicyviolation', event => {
      const { target, effectiveDirective, blockedURI, sourceFile } = event;
      // Playwright's own style, for a screenshot in Firefox; the page itself evaluates nothing.
      if (effectiveDirective === 'style-src-elem' && /eval$/.test(sourceFile)) return;
      const what = target instanceof Element ? target.outerHTML.slice(0, 100) : `${blockedURI} ${sourceFile}`;
      seen.push(`${effectiveDirective}: ${what}`);
    });
  });
  return () => page.evaluate(() => [...new Set((window as unknown as { forbidden: string[] }).forbidden)]);
}
