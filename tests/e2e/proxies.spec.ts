import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { forgetModels } from './support/faults';
import { type PassedResponse, type Rewriting, RewritingProxy } from './support/RewritingProxy';
import { SynthesisPage, tinyBundle } from './support/SynthesisPage';
import { expect, test } from './support/test';
import { saidOfThreads } from './support/threads';

const EXTENSION = 'ohif-extension-modality-synthesis';
const WEIGHTS = /cdm-tiny\/weights\/cunet-0\.bin/;
const RUNTIME = /ort-wasm-simd-threaded\.jspi\.mjs/;
const WASM = /ort-wasm-simd-threaded\.jspi\.fma\.wasm/;
const WORKER = /worker\.js/;

/** A rewriting of headers alone: of those named, or without them. */
const headers = (path: RegExp, changed: Record<string, string | undefined>): Rewriting => ({
  path,
  rewrite: ({ headers }) => ({
    headers: Object.fromEntries(
      Object.entries({ ...headers, ...changed }).filter(([, value]) => value !== undefined),
    ),
  }),
});
const body = (path: RegExp, change: (body: Buffer) => Buffer): Rewriting => ({
  path,
  rewrite: response => ({ body: change(response.body) }),
});
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);
const breaksOff = (path: RegExp): Rewriting => ({
  path,
  rewrite: response => ({ body: half(response.body), ends: false }),
});
const zipped = ({ headers, body }: PassedResponse) => ({
  headers: { ...headers, 'content-encoding': 'gzip' },
  body: gzipSync(body),
});
const page = body(WASM, () => Buffer.from('<!DOCTYPE html><title>Log in</title>'));

/** What works all the same. */
const harmless: Rewriting[] = [
  headers(/./, { etag: undefined, 'last-modified': undefined, 'accept-ranges': undefined }),
  headers(/\.(onnx|bin|json|wasm)(\?|$)/, { 'content-type': undefined }),
  { path: /\.(onnx|bin|wasm)(\?|$)/, rewrite: zipped },
];

/** What does not: the code of the sentence, the file that it names, and what it tells to change. */
const harmful: [name: string, rewriting: Rewriting, code: string, file: RegExp, remedy: string][] = [
  [
    'scripts as plain text',
    headers(RUNTIME, { 'content-type': 'text/plain' }),
    ...(['served/type', RUNTIME, 'type “text/plain”'] as const),
  ],
  [
    'the worker without a type',
    headers(WORKER, { 'content-type': undefined }),
    ...(['served/type', WORKER, 'send it as text/javascript'] as const),
  ],
  [
    'scripts without the header of the page',
    headers(RUNTIME, { 'cross-origin-embedder-policy': undefined }),
    ...(['served/not-isolated', RUNTIME, 'Cross-Origin-Embedder-Policy'] as const),
  ],
  ['the runtime cut', body(WASM, half), 'served/damaged', WASM, 'cut long responses'],
  ['the runtime broken off', breaksOff(WASM), 'served/damaged', WASM, 'cut long responses'],
  ['a page in its place', page, 'served/page', WASM, 'a login answered instead'],
  ['weights cut', body(WEIGHTS, half), 'bundle/cut', WEIGHTS, 'limits of time and size'],
  ['weights broken off', breaksOff(WEIGHTS), 'bundle/cut', WEIGHTS, 'limits of time and size'],
  [
    'weights compressed without a word',
    body(WEIGHTS, bytes => gzipSync(bytes)),
    ...(['bundle/compressed', WEIGHTS, 'Content-Encoding'] as const),
  ],
  [
    'weights refused',
    { path: WEIGHTS, rewrite: () => ({ status: 504, body: Buffer.from('timeout') }) },
    ...(['bundle/http-error', WEIGHTS, 'HTTP 504'] as const),
  ],
];

/**
 * Holds the engines of pages that are opened from now on: in Firefox no test reaches into a worker.
 * @returns ends them
 */
async function holdEngines(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const engines: Worker[] = [];
    Object.assign(window, { engines });
    window.Worker = class extends Worker {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        // It is the only worker from a Blob.
        if (String(address).startsWith('blob:')) engines.push(this);
      }
    };
  });
  return () =>
    page.evaluate(() => {
      for (const engine of (window as unknown as { engines: Worker[] }).engines) engine.terminate();
    });
}

test('proxies that change responses: it works, or one sentence names the file and what to change @long', async ({
  viewer,
  phantom,
  page,
  browserName,
}) => {
  test.setTimeout(800_000);
  const { viewer: server } = await viewer({ studies: [await phantom()], appConfig: tinyBundle });
  const proxy = await RewritingProxy.start(server.url);
  try {
    const app = new SynthesisPage(page, { ...server, url: proxy.url });
    const endEngines = await holdEngines(page);
    proxy.rewritings = harmless;
    await app.open();
    const works = async () => {
      await app.run.click();
      expect(await app.finished()).toBe('job/done');
      await expect(app.message).toContainText(saidOfThreads(browserName));
    };
    await works();
    expect(proxy.ranges.filter(path => path.includes(EXTENSION))).toEqual([]);
    for (const [name, rewriting, code, file, remedy] of harmful) {
      if (code === 'served/not-isolated' && browserName === 'firefox') continue;
      await test.step(name, async () => {
        await endEngines();
        await forgetModels(app);
        proxy.rewritings = [rewriting];
        await app.run.click();
        expect(await app.finished()).toBe(code);
        await expect(app.message).toContainText(file);
        await expect(app.message).toContainText(remedy);
      });
    }
    // The last of them leaves nothing that the next job would meet.
    proxy.rewritings = [];
    await works();
  } finally {
    await page.close();
    proxy.close();
  }
});
