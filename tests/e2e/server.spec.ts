import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { hasTriton, startTriton } from '@modality-synthesis/engine/testing/startTriton';
import { OriginProxy } from './support/OriginProxy';
import { nextBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const root = path.resolve(import.meta.dirname, '../..');
const bundle = path.join(root, 'models/bundles/cdm-residual-tiny');

test('a real Triton runs the networks after consent, and this machine where it is away @long', async ({
  page,
  viewer,
  phantom,
  folder,
}) => {
  test.skip(
    !hasTriton(),
    'no Python with nvidia-pytriton and onnxruntime (TRITON_PYTHON) is on this machine',
  );
  test.setTimeout(400_000);
  const out = path.join(folder, 'models');
  const program = path.join(root, 'engine/src/node/exportServerBin.mjs');
  execFileSync('node', [program, '--bundle', bundle, '--out', out]);
  const triton = await startTriton(out);
  const proxy = await OriginProxy.start(triton.url);
  try {
    const { host } = new URL(proxy.url);
    const server = JSON.stringify({ url: proxy.url });
    const app = await viewer({
      studies: [await phantom()],
      appConfig: `${nextBundle} window.config.modalitySynthesis.server = ${server};`,
    });
    await app.open();
    const check = app.check('server');
    await expect(check).toHaveAttribute('data-level', 'amber');
    await expect(check).toContainText(host);

    await test.step('nothing leaves before somebody agrees', async () => {
      await app.button.click();
      await expect(app.message).toHaveAttribute('data-code', 'job/waiting', { timeout: 200_000 });
      expect(proxy.passed).toEqual([]);
      await expect(app.run).toBeDisabled();
    });

    await test.step('then the server makes the series, and the record says so', async () => {
      await app.acceptWarnings();
      expect(await app.finished()).toBe('job/done');
      const model = '/v2/models/cdm-residual-tiny';
      expect(new Set(proxy.passed)).toEqual(
        new Set(['GET /v2', `GET ${model}`, `GET ${model}/config`, `POST ${model}/versions/1/infer`]),
      );
      const record = app.result('flair').locator('[data-cy="synthesis-record"]');
      await app.unfold(record);
      await expect(record).toContainText(`${host}, triton`);
      const { pixels, first } = await app.readSeries('SYNTHETIC FLAIR');
      expect(pixels.some(value => value > 0)).toBe(true);
      expect(JSON.stringify(first)).toContain('open-inference-protocol');
    });

    await test.step('a server that is away is told, with the offer to run here', async () => {
      const before = await app.readSeries('SYNTHETIC FLAIR');
      await app.result('flair').locator('[data-cy="synthesis-reject"]').click();
      await expect(app.result('flair')).toHaveCount(0);
      proxy.close();
      await app.run.click();
      expect(await app.finished()).toBe('server/unreachable');
      await page.locator('[data-cy="synthesis-run-here"]').click();
      await expect(app.message).toBeHidden();
      expect(await app.finished()).toBe('job/done');
      const { pixels, first } = await app.readSeries('SYNTHETIC FLAIR');
      expect(JSON.stringify(first)).not.toContain('open-inference-protocol');
      // A stored value is 1/4096 of the window; half precision on the way is worth a few.
      const most = pixels.reduce((sum, v, i) => Math.max(sum, Math.abs(v - before.pixels[i])), 0);
      expect(most).toBeLessThan(8);
    });
  } finally {
    proxy.close();
    await triton.close();
  }
});
