import { exec } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ensureViewer } from '@modality-synthesis/viewer/setup';
import { copyRepository } from './support/copyRepository';
import { documentedInstall, documentedLogin } from './support/deploymentDocs';
import { Login } from './support/Login';
import { hasNginx } from './support/nginx';
import { nginxPage, serveFolder, viewerFolder, watchPolicy } from './support/nginxViewer';
import { signIn } from './support/signIn';
import { expect, test } from './support/test';

test('a clone, a prebuilt OHIF and the five commands: a series behind a login, for three versions @long', async ({
  page,
  folder,
  pacs,
}) => {
  test.skip(!hasNginx(), 'nginx is not on this machine');
  test.skip(!('parse' in URL), 'oidc-provider needs a Node that has URL.parse');
  test.setTimeout(1_200_000);
  const clone = path.join(folder, 'clone');
  await copyRepository(clone);
  // The provider's own pages want a font from the internet.
  await page.route('https://**', route => route.abort());
  const forbidden = await watchPolicy(page);
  const run = (command: string) => promisify(exec)(command, { cwd: clone, maxBuffer: 2 ** 26 });
  const [install, build] = documentedInstall('', '');
  expect([install, build]).toEqual(['npm ci', 'npm run build']);
  await run(install);
  await run(build);
  for (const version of ['3.13.2', '3.12.10', '3.14.0-beta.6'] as const) {
    const site = path.join(folder, version);
    const [, , add, check, ...serve] = documentedInstall(await ensureViewer(version), viewerFolder(site));
    await run(add);
    await run(check);
    // `serveFolder` starts an nginx of its own with the documented file.
    expect(serve).toEqual(['nginx -t && systemctl reload nginx']);
    const login = await Login.start(pacs.proxy.url);
    const nginx = await serveFolder(site, login.url, {
      configure: text => text.replace("connect-src 'self' blob:", `$& ${login.issuer}`),
      appConfig: documentedLogin(login.issuer),
    });
    try {
      login.admit(`${nginx.url}/viewer/`, 3600);
      const app = nginxPage(page, nginx);
      await page.goto(`${nginx.url}/viewer/synthesis?StudyInstanceUIDs=${pacs.study}`);
      await signIn(page);
      await app.ready();
      await app.run.click();
      // The geometric phantom is unlike the patients of the shipped networks.
      await app.acceptWarnings();
      expect(await app.finished()).toBe('job/done');
      await expect(app.watermarks.first()).toBeVisible();
      expect(await forbidden()).toEqual([]);
    } finally {
      await page.goto('about:blank');
      await nginx.close();
      await login.close();
    }
  }
});
