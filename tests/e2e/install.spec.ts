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
  let prepared = false;
  for (const version of ['3.13.2', '3.12.10', '3.14.0-beta.6'] as const) {
    const site = path.join(folder, version);
    const commands = documentedInstall(await ensureViewer(version), viewerFolder(site));
    expect(commands).toEqual([
      'npm ci',
      'npm run build',
      expect.stringContaining('npm run kit -- add'),
      expect.stringContaining('npm run kit -- check'),
      // `serveFolder` starts one of its own with the documented file.
      'nginx -t && systemctl reload nginx',
    ]);
    for (const command of commands.slice(prepared ? 2 : 0, 4))
      await promisify(exec)(command, { cwd: clone, maxBuffer: 2 ** 26 });
    prepared = true;
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
