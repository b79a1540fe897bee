import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';

const SCRIPT = '**/ohif-extension-modality-synthesis/index.umd.js';
const MODULE = path.resolve(import.meta.dirname, '../../extension/dist/index.mjs');

const hostPackages: Plugin = {
  name: 'host-packages',
  setup(build) {
    const filter = /^(react|react\/jsx-runtime|react-dom|dcmjs|@ohif\/.*|@cornerstonejs\/.*)$/;
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'host' }));
    build.onLoad({ filter: /.*/, namespace: 'host' }, ({ path }) => ({
      contents: `module.exports = window[${JSON.stringify(path)}];`,
    }));
  },
};

test('without an adapter it runs on WebAssembly and says so', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await app.open();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.message).toContainText(
    'No usable GPU was found: runs on the processor (WebAssembly, 2 threads)',
  );
});

test('looks at the study and at the models only after the first image', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await app.page.addInitScript(() => {
    const drawn = () => performance.mark('first-image');
    addEventListener('CORNERSTONE_STACK_NEW_IMAGE', drawn, { capture: true, once: true });
  });
  await app.open();
  const [drawn, ...asked] = await app.page.evaluate(() => [
    performance.getEntriesByName('first-image')[0].startTime,
    ...performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('/bundle.json'))
      .map(({ startTime }) => startTime),
  ]);
  expect(asked.length).toBeGreaterThan(0);
  for (const time of asked) expect(time).toBeGreaterThan(drawn);
});

test('without cross-origin isolation it runs on one thread', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle, crossOriginIsolated: false });
  await app.open();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.message).toContainText('(WebAssembly, 1 thread)');
});

test('a browser without JSPI gets the Asyncify build of the runtime @long', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  // Chromium can no longer disable JSPI: remove the feature test from the worker's source.
  let replaced = 0;
  await app.page.route('**/worker.js?*', async route => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(/"Suspending" ?in WebAssembly/g, () => {
      replaced++;
      return 'false';
    });
    await route.fulfill({ response, body });
  });
  const wasm: string[] = [];
  app.page.on('response', response => response.url().endsWith('.wasm') && wasm.push(response.url()));
  await app.open();
  await app.run.click();
  expect(await app.finished()).toBe('job/done');
  expect(replaced).toBeGreaterThan(0);
  expect(wasm.some(url => url.endsWith('ort-wasm-simd-threaded.asyncify.fma.wasm'))).toBe(true);
});

test('the extension alone works in the stock viewer mode', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle, plugins: ['extension'] });
  await app.open({ route: 'viewer' });
  await app.button.click();
  expect(await app.finished()).toBe('job/done');
  await expect(app.watermarks).toBeVisible();
  await expect(app.page.locator('[data-cy="synthesis-btn"]')).toHaveCount(1);
});

test('the ES module works in a bundle of the site @long', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  // What a site's bundler makes of the package's `module`, with the viewer's packages.
  const { outputFiles } = await build({
    stdin: { contents: await readFile(MODULE, 'utf8'), resolveDir: path.dirname(MODULE) },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'bundled',
    footer: { js: `window['ohif-extension-modality-synthesis'] = bundled.default;` },
    plugins: [hostPackages],
  });
  let served = 0;
  await app.page.route(SCRIPT, route => {
    served++;
    return route.fulfill({ contentType: 'text/javascript', body: outputFiles[0].text });
  });
  await app.open();
  await app.button.click();
  expect(await app.finished()).toBe('job/done');
  expect(served).toBe(1);
});

test('a wrong key in the configuration is named in one clear message @long', async ({ viewer, phantom }) => {
  const app = await viewer({
    studies: [await phantom()],
    appConfig: 'window.config.modalitySynthesis = { bundel: "x" };',
  });
  await app.open();
  await expect(app.check('fit')).toHaveAttribute('data-code', 'configuration/invalid');
  await expect(app.check('fit')).toContainText('“bundel” is not a known key');
  await app.run.click();
  expect(await app.finished()).toBe('configuration/invalid');
  await expect(app.message).toContainText(
    'The configuration window.config.modalitySynthesis is wrong: “bundel” is not a known key',
  );
});

test('a bundle that is not there, or damaged, is named', async ({ viewer, phantom }) => {
  const app = await viewer({
    studies: [await phantom()],
    appConfig: "window.config.modalitySynthesis = { bundle: '/nowhere' };",
  });
  await app.open();
  await app.run.click();
  expect(await app.finished()).toMatch(/^bundle\/(http-error|page)$/);
  await expect(app.message).toContainText('/nowhere/bundle.json');
});

test('a damaged weight file is refused by name', async ({ viewer, phantom }) => {
  const app = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  await app.page.route('**/cdm-tiny/weights/cunet-0.bin', async route => {
    const response = await route.fetch();
    const body = await response.body();
    body[1000] ^= 1;
    await route.fulfill({ response, body });
  });
  await app.open();
  await app.run.click();
  expect(await app.finished()).toBe('bundle/corrupt');
  await expect(app.message).toContainText('weights/cunet-0.bin');
});

test('an unusable series is refused with its name and the reason', async ({ viewer, phantom }) => {
  const study = await phantom();
  await rm(`${study}/2_t2/IM0010.dcm`);
  await writeFile(`${study}/readme.txt`, 'not DICOM');
  const app = await viewer({ studies: [study], appConfig: tinyBundle });
  await app.open();
  await app.run.click();
  expect(await app.finished()).toBe('series/unusable preflight/choose-another');
  await expect(app.message).toHaveText(
    /^The series “AX T2” cannot be used: 1 slice is missing between images 10 and 12/,
  );
});

test('over plain HTTP it says why nothing runs @long', async ({ viewer, phantom, page }) => {
  const { viewer: server } = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  // Chromium trusts 127.0.0.1, but not this name of the same machine; the server answers to the former only.
  const { host } = new URL(server.url);
  const proxy = createServer((request, response) => {
    const headers = { ...request.headers, host };
    const passed = forward(server.url + request.url, { method: request.method, headers }, answer => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(passed);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = proxy.address() as AddressInfo;
    const app = new SynthesisPage(page, { ...server, url: `http://0.0.0.0:${port}` });
    await app.open();
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    await expect(app.check('fit')).toHaveAttribute('data-level', 'red');
    await expect(app.check('fit')).toContainText('not opened over HTTPS');
    await app.run.click();
    expect(await app.finished()).toContain('provider/insecure');
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});
