import type { LaunchOptions } from '@playwright/test';
import { viewport } from '../../playwright.config';
import { hasNginx } from './support/nginx';
import { nginxPage, serveByNginx, watchPolicy } from './support/nginxViewer';
import { RecordingProxy } from './support/RecordingProxy';
import { expect, test } from './support/test';

const SYNTHETIC = 'SYNTHETIC T1 post-contrast';
const ELSEWHERE = 'elsewhere.example';
/** What Chromium itself asks for (sign-in, messages, forms that it could fill in), and Firefox (settings). */
const BROWSERS_OWN = [
  /^(accounts|android\.clients|content-autofill)\.google(apis)?\.com:443$/,
  /\.(mozilla\.(com|net|org)|firefox\.com)(:443)?$/,
];
/** How Chromium or Firefox is started so that it asks a proxy for everything, its own machine included. */
function throughProxy(options: LaunchOptions, { url }: RecordingProxy): LaunchOptions {
  const { firefoxUserPrefs } = options;
  if (!firefoxUserPrefs) return { ...options, proxy: { server: url, bypass: '<-loopback>' } };
  const { hostname, port } = new URL(url);
  const preferences: LaunchOptions['firefoxUserPrefs'] = {
    'network.proxy.type': 1,
    'network.proxy.allow_hijacking_localhost': true,
    'network.proxy.no_proxies_on': '',
  };
  for (const protocol of ['http', 'ssl']) {
    preferences[`network.proxy.${protocol}`] = hostname;
    preferences[`network.proxy.${protocol}_port`] = Number(port);
  }
  return { ...options, firefoxUserPrefs: { ...firefoxUserPrefs, ...preferences } };
}

const withoutPolicy = (text: string) => text.replace(/.*Content-Security-Policy.*\n/, '');

for (const policy of ['the strict policy', 'no policy']) {
  test(`with ${policy}, from the first visit to a stored result, all requests go to the viewer @long`, async ({
    playwright,
    browserName,
    launchOptions,
    folder,
    pacs,
  }) => {
    test.skip(!hasNginx(), 'nginx is not on this machine');
    const isStrict = policy === 'the strict policy';
    const nginx = await serveByNginx(folder, pacs.proxy.url, {
      configure: isStrict ? undefined : withoutPolicy,
    });
    const proxy = await RecordingProxy.start(new URL(nginx.url).host);
    const browser = await playwright[browserName].launch(throughProxy(launchOptions, proxy));
    try {
      const page = await browser.newPage({ viewport });
      const forbidden = await watchPolicy(page);
      const origins = new Set<string>();
      page.context().on('request', request => void origins.add(new URL(request.url()).origin));
      const app = nginxPage(page, nginx);
      await page.goto(`${nginx.url}/viewer/`);
      await expect(page.getByText('PHANTOM', { exact: false }).first()).toBeVisible({ timeout: 90_000 });
      expect(await forbidden()).toEqual([]);
      await app.open({ studies: [pacs.study] });
      await app.run.click();
      expect(await app.finished()).toBe('job/done');
      await expect(app.watermarks.first()).toBeVisible();
      await page.locator('[data-cy="synthesis-accept"]').last().click();
      await expect(page.locator('[data-cy="synthesis-storage"]').last()).toContainText('read back');
      await page.reload();
      await app.ready();
      await expect(app.thumbnails.filter({ hasText: 'SYNTHETIC' })).toHaveCount(1, { timeout: 60_000 });
      await app.readSeries(SYNTHETIC);
      expect(await forbidden()).toEqual([]);

      // Icons and thumbnails are there under the sub-path too.
      expect(proxy.failed).toEqual([]);
      const pictures = page.locator('[data-cy="study-browser-thumbnail"] img');
      expect(await pictures.count()).toBeGreaterThanOrEqual(3);
      for (const picture of await pictures.all())
        await expect(picture).not.toHaveJSProperty('naturalWidth', 0);

      const { host } = new URL(nginx.url);
      const asked = () => [...proxy.hosts].filter(name => !BROWSERS_OWN.some(own => own.test(name)));
      expect(asked()).toEqual([host]);
      // As its pages tell; the addresses of what lies in their memory have this origin too, or none.
      expect([...origins].filter(origin => origin !== 'null')).toEqual([nginx.url]);
      for (const part of ['/dicom-web/', '/worker.js', '.wasm', '.onnx'])
        expect(proxy.passed.some(url => url.includes(part))).toBe(true);

      // What would go elsewhere is seen: by the proxy, or before it by the policy.
      await page.evaluate(name => fetch(`https://${name}/`).catch(() => {}), ELSEWHERE);
      expect(asked()).toEqual(isStrict ? [host] : [host, `${ELSEWHERE}:443`]);
      if (isStrict) expect((await forbidden()).join()).toContain(ELSEWHERE);
    } finally {
      await browser.close();
      proxy.close();
      await nginx.close();
    }
  });
}
