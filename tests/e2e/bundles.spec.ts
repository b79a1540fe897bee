import { appendFile, cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkKit } from '@modality-synthesis/viewer/kit';
import { hasNginx } from './support/nginx';
import { nginxPage, serveByNginx } from './support/nginxViewer';
import { expect, test } from './support/test';

const root = path.resolve(import.meta.dirname, '../..');

/** A bundle of the site, in a folder of its own: another's networks under its own name. */
async function bundleOfSite(folder: string): Promise<string> {
  const own = path.join(folder, 'hospital-model');
  await cp(path.join(root, 'models/bundles/cdm-tiny'), own, { recursive: true });
  const file = path.join(own, 'bundle.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  Object.assign(manifest, { id: 'hospital-model', name: 'Model of the hospital', version: '7.0.0' });
  await writeFile(file, JSON.stringify(manifest));
  return own;
}

test("a bundle of the site's own beside another: the configuration chooses, and chooses again @long", async ({
  page,
  folder,
  pacs,
}) => {
  test.skip(!hasNginx(), 'nginx is not on this machine');
  const nginx = await serveByNginx(folder, pacs.proxy.url, { bundles: [await bundleOfSite(folder)] });
  try {
    const app = nginxPage(page, nginx);
    const fetched: string[] = [];
    page.on('request', request => request.url().includes('/bundles/') && fetched.push(request.url()));
    await app.open({ studies: [pacs.study] });
    await app.run.click();
    expect(await app.finished()).toBe('job/done');
    await expect(app.result('t1ce')).toContainText('CDM tiny');
    expect(fetched.filter(url => url.includes('hospital-model'))).toEqual([]);
    await page.locator('[data-cy="synthesis-reject"]').click();

    // As docs/deployment.md tells, by the one file that a site edits.
    const out = path.join(folder, 'www/viewer');
    const chosen = '/viewer/ohif-extension-modality-synthesis/bundles/hospital-model';
    await appendFile(
      path.join(out, 'app-config.js'),
      `\nwindow.config.modalitySynthesis.bundle = '${chosen}';\n`,
    );
    expect(await checkKit(out)).toEqual([]);
    fetched.length = 0;
    await app.open({ studies: [pacs.study] });
    await app.run.click();
    expect(await app.finished()).toBe('job/done');
    await expect(app.result('t1ce')).toContainText('Model of the hospital 7.0.0');
    await expect(app.watermarks.first()).toContainText('Model of the hospital');
    expect(fetched.filter(url => url.includes('cdm-tiny'))).toEqual([]);
    // The same networks at another address are the same files.
    expect(fetched.filter(url => url.endsWith('.onnx'))).toEqual([]);

    const section = page.locator('[data-cy="synthesis-kept-models"]');
    await section.getByRole('button').first().click();
    const kept = page.locator('[data-cy="synthesis-kept-model"]');
    await expect(kept).toHaveCount(3);
    await expect(kept.filter({ hasText: 'Model of the hospital 7.0.0' })).toHaveCount(1);
    await expect(kept.filter({ hasText: 'CDM tiny' })).toHaveCount(1);
  } finally {
    await page.close();
    await nginx.close();
  }
});
