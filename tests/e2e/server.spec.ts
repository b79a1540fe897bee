import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { hasTriton, startTriton } from '@modality-synthesis/engine/testing/startTriton';
import { OriginProxy } from './support/OriginProxy';
import { tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const root = path.resolve(import.meta.dirname, '../..');
const bundle = path.join(root, 'models/bundles/cdm-tiny');

const mostBetween = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);

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
      appConfig: `${tinyBundle} window.config.modalitySynthesis.server = ${server};`,
    });
    await app.open();
    await app.target('t1ce').uncheck();
    await app.target('flair').check();
    const reject = async () => {
      await app.result('flair').locator('[data-cy="synthesis-reject"]').click();
      await expect(app.result('flair')).toHaveCount(0);
    };
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
      const model = '/v2/models/cdm-tiny';
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

    await test.step('a sample too, with its number and the seed in the record', async () => {
      const { pixels: mean } = await app.readSeries('SYNTHETIC FLAIR');
      await reject();
      await page.locator('[data-cy="synthesis-parameter-flair-sample"]').fill('1');
      await app.run.click();
      expect(await app.finished()).toBe('job/done');
      const { pixels, first } = await app.readSeries('SYNTHETIC FLAIR (CDM, sample 1)');
      expect(JSON.stringify(first)).toContain('open-inference-protocol');
      expect(mostBetween(mean, pixels)).toBeGreaterThan(40);
    });

    await test.step('a server that is away is told, with the offer to run here', async () => {
      const before = await app.readSeries('SYNTHETIC FLAIR');
      await reject();
      proxy.close();
      await app.run.click();
      expect(await app.finished()).toBe('server/unreachable');
      await page.locator('[data-cy="synthesis-run-here"]').click();
      await expect(app.message).toBeHidden();
      expect(await app.finished()).toBe('job/done');
      const { pixels, first } = await app.readSeries('SYNTHETIC FLAIR');
      expect(JSON.stringify(first)).not.toContain('open-inference-protocol');
      // A stored value is 1/4096 of the window; half precision on the way is worth a few.
      expect(mostBetween(pixels, before.pixels)).toBeLessThan(8);
    });
  } finally {
    proxy.close();
    await triton.close();
  }
});
