import * as deployment from './support/deploymentDocs';
import { Login } from './support/Login';
import { hasNginx, type RunningNginx } from './support/nginx';
import { nginxPage, serveByNginx, watchPolicy } from './support/nginxViewer';
import { signIn } from './support/signIn';
import { expect, test } from './support/test';

const ARCHIVE = /^\/(dicom-web\/|wado)/;
/** Lifetime of an access token, and how long before its end OHIF renews it, s: every five seconds. */
const LIFETIME = 60;
const RENEWED_BEFORE = 55;
const IMAGES = 28;

/** The documented login, renewed early. */
const documentedLogin = (issuer: string) =>
  `${deployment.documentedLogin(issuer)}
  window.config.oidc[0].accessTokenExpiringNotificationTimeInSeconds = ${RENEWED_BEFORE};`;

for (const version of ['3.13.2', '3.12.10', '3.14.0-beta.6'] as const) {
  const long = version === '3.13.2' ? '' : ' @long';
  test(`behind a login: tokens for the archive alone, renewed under way; nothing is lost or left: OHIF ${version}${long}`, async ({
    page,
    context,
    folder,
    pacs,
  }) => {
    test.skip(!hasNginx(), 'nginx is not on this machine');
    test.skip(!('parse' in URL), 'oidc-provider needs a Node that has URL.parse');
    const login = await Login.start(pacs.proxy.url);
    let nginx: RunningNginx | undefined;
    try {
      nginx = await serveByNginx(folder, login.url, {
        version,
        configure: text => text.replace("connect-src 'self' blob:", `$& ${login.issuer}`),
        appConfig: documentedLogin(login.issuer),
      });
      const { url } = nginx;
      login.admit(`${url}/viewer/`, LIFETIME);
      const sent: { url: URL; authorization: string | undefined }[] = [];
      context.on('request', request => {
        const { authorization, referer } = request.headers();
        const url = new URL(request.url());
        const isViewers = !referer?.startsWith(login.issuer) && url.protocol.startsWith('http');
        if (isViewers) sent.push({ url, authorization });
      });
      // The provider's own pages want a font from the internet.
      await page.route('https://**', route => route.abort());
      const forbidden = await watchPolicy(page);
      const app = nginxPage(page, nginx);
      const storage = page.locator('[data-cy="synthesis-storage"]').last();
      const accept = page.locator('[data-cy="synthesis-accept"]').last();

      const study = `${url}/viewer/synthesis?StudyInstanceUIDs=${pacs.study}`;
      await page.goto(study);
      await signIn(page);
      await app.ready();
      expect(new URL(page.url()).searchParams.get('StudyInstanceUIDs')).toBe(pacs.study);

      await test.step('refused while the series are read: one sentence', async () => {
        login.locked = true;
        await app.run.click();
        expect(await app.finished()).toBe('series/login');
        await expect(app.message).toContainText('The archive asks for a login (HTTP 401)');
        login.locked = false;
      });

      await test.step('expired in the middle of the job: it goes on with the renewed token', async () => {
        login.requests.length = 0;
        login.expire(10);
        await app.run.click();
        expect(await app.finished()).toBe('job/done');
        const passed = login.requests.map(request => request.passed);
        expect(passed.indexOf(false)).toBe(10);
        expect(passed.lastIndexOf(true)).toBeGreaterThan(passed.lastIndexOf(false));
      });

      await test.step('refused at Accept: the result stays for another try', async () => {
        login.locked = true;
        await accept.click();
        await expect(storage).toContainText('asks for a login (HTTP 401)', { timeout: 60_000 });
        await expect(storage).toContainText('the result stays here');
        expect(await pacs.images('SYNTHETIC')).toEqual([]);
        login.locked = false;
      });

      await test.step('expired before Accept: it waits for the renewed token', async () => {
        login.requests.length = 0;
        login.expire();
        await accept.click();
        await expect(storage).toHaveText(`Stored in the PACS: ${IMAGES} images, read back.`, {
          timeout: 60_000,
        });
        expect(login.requests.filter(({ passed }) => !passed)).not.toEqual([]);
        const stored = login.requests.filter(({ method, passed }) => method === 'POST' && passed);
        expect(stored).toHaveLength(IMAGES);
        expect(login.given.slice(1)).toEqual(expect.arrayContaining(stored.map(({ token }) => token)));
      });

      await test.step('the token goes to the archive and the provider, to nothing else', async () => {
        const withToken = sent.filter(({ authorization }) => authorization);
        expect(withToken.filter(r => r.url.origin === url && !ARCHIVE.test(r.url.pathname))).toEqual([]);
        expect(sent.filter(r => ARCHIVE.test(r.url.pathname) && !r.authorization)).toEqual([]);
        const tokens = new Set(login.given.map(token => `Bearer ${token}`));
        expect(withToken.filter(r => !tokens.has(r.authorization!))).toEqual([]);
        expect([...new Set(sent.map(r => r.url.origin))].sort()).toEqual([url, login.issuer].sort());
        expect(sent.map(r => r.url.pathname)).not.toContain('/viewer/silent-refresh.html');
        expect(await forbidden()).toEqual([]);
      });

      await test.step('logged out: no image, no token; the model and what OHIF notes', async () => {
        const frame = sent.find(r => /\/frames\/1$/.test(r.url.pathname))!.url.href;
        await page.goto(`${url}/viewer/logout`);
        await page.getByRole('button', { name: /Yes, sign me out/ }).click();
        // OHIF 3.12 names no page for after it: the provider shows its own.
        const ended = page.getByText('Your sign-out was successful');
        await expect(page.getByPlaceholder('Enter any login').or(ended)).toBeVisible();
        await page.goto(study);
        await expect(page.getByPlaceholder('Enter any login')).toBeVisible();
        const left = await context.newPage();
        // A page of the viewer's origin that starts nothing.
        await left.goto(`${url}/viewer/manifest.json`);
        const found = await left.evaluate(async frame => {
          const cached = await fetch(frame, { cache: 'only-if-cached', mode: 'same-origin' })
            .then(response => response.status)
            .catch(() => 'none');
          const storage = JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
          const databases = (await indexedDB.databases()).map(({ name }) => name);
          return { cached, storage, databases, caches: await caches.keys() };
        }, frame);
        expect(found.cached).toBe('none');
        expect(found.caches.sort()).toEqual(['modality-synthesis-bundles', 'modality-synthesis-networks']);
        for (const token of login.given) expect(found.storage).not.toContain(token);
        expect(found.storage).not.toContain(pacs.study);
      });
    } finally {
      await page.close();
      await nginx?.close();
      await login.close();
    }
  });
}

test('without refresh tokens a hidden frame renews the login in the middle of a job @long', async ({
  page,
  folder,
  pacs,
}) => {
  test.skip(!hasNginx(), 'nginx is not on this machine');
  test.skip(!('parse' in URL), 'oidc-provider needs a Node that has URL.parse');
  const login = await Login.start(pacs.proxy.url, '127.0.0.1');
  const nginx = await serveByNginx(folder, login.url, {
    configure: text =>
      text
        .replace("connect-src 'self' blob:", `$& ${login.issuer}`)
        .replace("frame-src 'none'", `frame-src 'self' ${login.issuer}`),
    appConfig: `${documentedLogin(login.issuer)}
      Object.assign(window.config.oidc[0], {
        scope: 'openid',
        silent_redirect_uri: '/modality-synthesis-kit/silent-refresh.html',
      });`,
  });
  try {
    const viewerUrl = `${nginx.url}/viewer/`;
    login.admit(viewerUrl, LIFETIME, false);
    await page.route('https://**', route => route.abort());
    const forbidden = await watchPolicy(page);
    const frames: string[] = [];
    page.on('framenavigated', frame => frame.parentFrame() && frames.push(new URL(frame.url()).pathname));
    const app = nginxPage(page, nginx);
    await page.goto(`${viewerUrl}synthesis?StudyInstanceUIDs=${pacs.study}`);
    await signIn(page);
    await app.ready();

    login.expire(10);
    await app.run.click();
    expect(await app.finished()).toBe('job/done');
    const passed = login.requests.map(request => request.passed);
    expect(passed).toContain(false);
    expect(passed.lastIndexOf(true)).toBeGreaterThan(passed.lastIndexOf(false));
    expect(login.given.length).toBeGreaterThan(1);
    expect(frames).toContain('/viewer/modality-synthesis-kit/silent-refresh.html');
    expect(await forbidden()).toEqual([]);
  } finally {
    await page.close();
    await nginx.close();
    await login.close();
  }
});

test('logged out in one tab, all tabs are, and Back shows nothing of a patient @long', async ({
  page,
  context,
  browserName,
  folder,
  pacs,
}) => {
  test.skip(!hasNginx(), 'nginx is not on this machine');
  test.skip(!('parse' in URL), 'oidc-provider needs a Node that has URL.parse');
  test.skip(browserName === 'firefox', 'there the logout ends at error pages: docs/deployment.md');
  test.setTimeout(480_000);
  const login = await Login.start(pacs.proxy.url);
  const nginx = await serveByNginx(folder, login.url, {
    configure: text => text.replace("connect-src 'self' blob:", `$& ${login.issuer}`),
    appConfig: documentedLogin(login.issuer),
  });
  const pages = [page, await context.newPage()];
  try {
    const viewerUrl = `${nginx.url}/viewer/`;
    login.admit(viewerUrl, LIFETIME);
    await context.route('https://**', route => route.abort());
    const [first, second] = pages.map(each => nginxPage(each, nginx));
    const openStudy = ({ page }: typeof first) =>
      page.goto(`${viewerUrl}synthesis?StudyInstanceUIDs=${pacs.study}`);
    await openStudy(first);
    await signIn(first.page);
    await first.ready();

    await test.step('a page that is shown again as it was left was hidden, and starts anew', async () => {
      // Playwright's Chromium keeps no page for Back: what it would tell the page is told here.
      const tell = (type: string) =>
        page.evaluate(type => window.dispatchEvent(new PageTransitionEvent(type, { persisted: true })), type);
      await tell('pagehide');
      await expect(first.panel).toBeHidden();
      await tell('pageshow');
      await expect(first.panel).toBeVisible({ timeout: 60_000 });
      await first.ready();
    });

    await openStudy(second);
    await second.ready();
    await second.run.click();
    expect(await second.finished()).toBe('job/done');
    const asked: string[] = [];
    second.page.on('dialog', dialog => {
      asked.push(dialog.type());
      return dialog.accept();
    });
    await page.goto(`${viewerUrl}logout`);
    await page.getByRole('button', { name: /Yes, sign me out/ }).click();
    await expect(page.getByPlaceholder('Enter any login')).toBeVisible();
    await expect.poll(() => second.page.url()).toContain(login.issuer);
    expect(asked).toEqual(['beforeunload']);

    for (const each of [first, second]) {
      for (let back = 1; back <= 5; back++) {
        // OHIF's page of the logout and that of the login lead forward again: further back is behind them.
        await each.page.evaluate(steps => history.go(-steps), back).catch(() => undefined);
        await each.page.waitForTimeout(2_000);
        await expect(each.thumbnails).toHaveCount(0);
        await expect(each.viewports).toHaveCount(0);
      }
    }
  } finally {
    for (const each of pages) await each.close();
    await nginx.close();
    await login.close();
  }
});
