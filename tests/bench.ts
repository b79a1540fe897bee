/**
 * `npm run bench`: times each stage of a job on the demo study in Chromium (WebAssembly) and on the command
 * line, beside what the machine could do; starts of the viewer with and without the extension in pairs; sizes
 * of the served files. Writes sections of docs/benchmark.md, and docs/benchmark.json. Compare the ratios of
 * one run: machines differ.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CommonManifest } from '@modality-synthesis/engine';
import { startViewer } from '@modality-synthesis/viewer';
import { type Browser, chromium, type Page } from '@playwright/test';
import { launchOptions } from '../playwright.config';
import { median } from './median';
import { nodePeak, wasmPeak } from './peakFlops';
import { replaceTable } from './replaceTable';
import { type Seconds, STAGES, type StageTimes, stageSeconds } from './stageSeconds';
import { withPage } from './withPage';

const root = path.resolve(import.meta.dirname, '..');
const study = path.join(root, 'viewer/demo-study/dicom');
const served = path.join(root, 'extension/public/ohif-extension-modality-synthesis');
const page = path.join(root, 'docs/benchmark.md');
const STARTS = 10;
/** Stages in which nothing but networks runs. */
const NETWORK_STAGES = ['images'];

const total = (seconds: Seconds, stages = STAGES) => stages.reduce((sum, stage) => sum + seconds[stage], 0);

/** From the navigation to the first image in a viewport, s. */
async function startUp(page: Page, url: string): Promise<number> {
  // As a string: tsx names the functions of a script by a helper that the page has not.
  await page.addInitScript(`addEventListener('CORNERSTONE_STACK_NEW_IMAGE', () =>
    requestAnimationFrame(() => { globalThis.firstImage ??= performance.now() }), true)`);
  await page.goto(url);
  const shown = await page.waitForFunction('globalThis.firstImage');
  return ((await shown.jsonValue()) as number) / 1000;
}

function commandLineSeconds(): Seconds {
  const out = mkdtempSync(path.join(os.tmpdir(), 'modality-synthesis-bench-'));
  try {
    const job = ['--study', study, '--target', 'flair', '--out', out, '--json'];
    const args = ['run', '--silent', 'synthesize', '--', ...job];
    return JSON.parse(
      execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    ).seconds;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const manifestOf = (bundle: string): CommonManifest =>
  JSON.parse(readFileSync(path.join(served, 'bundles', bundle, 'bundle.json'), 'utf8'));

/** Size of a bundle's networks for WebAssembly. */
function networkBytes(bundle: string): number {
  const { files } = manifestOf(bundle);
  const used = [{ ...files.fp32, ...files.wasm }, files.weights ?? {}].flatMap(networks =>
    Object.values(networks),
  );
  return used.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Operations of the networks by stage; a run of `images` is one member on a slab. */
function stageFlops(runs: StageTimes['runs']): Seconds {
  return { images: runs.images * manifestOf('cdm-brain-mr').networks['cunet-0'].flops };
}

/** The start of both viewers, by turns, each in an empty profile; the first of each does not count. */
async function pairedStarts(browser: Browser, stock: string, extended: string) {
  const start = (url: string) => withPage(browser, page => startUp(page, url));
  await start(stock);
  await start(extended);
  const pairs: { without: number; with: number }[] = [];
  for (let n = 0; n < STARTS; n++) {
    const urls = [['without', stock] as const, ['with', extended] as const];
    const pair = { without: 0, with: 0 };
    for (const [name, url] of n % 2 ? urls.reverse() : urls) pair[name] = await start(url);
    pairs.push(pair);
  }
  return pairs;
}

/** Stages of a job beside the limits of the machine. @returns for docs/benchmark.json */
async function benchJob(browser: Browser, url: string) {
  const threads = os.availableParallelism();
  const peaks = {
    node: await nodePeak(),
    wasm: await withPage(browser, page => wasmPeak(page, false)),
    fused: await withPage(browser, page => wasmPeak(page, true)),
  };
  const { whole, runs, again } = await withPage(browser, async page => {
    const first = await stageSeconds(page, url);
    return { ...first, again: (await stageSeconds(page)).whole };
  });
  const node = commandLineSeconds();
  const flops = stageFlops(runs);
  const ratio = (a: number, b: number) => (b >= 0.05 ? (a / b).toFixed(1) : '–');
  const giga = (value: number) => (value / 1e9).toFixed(0);
  const row = (name: string, a: number, next: number, b: number, operations?: number) => {
    const speeds = operations ? [operations, operations / a, operations / b].map(giga) : ['', '', ''];
    return `| ${[name, ...[a, next, b].map(s => s.toFixed(1)), ratio(a, b), ...speeds].join(' | ')} |`;
  };
  const [ours, next, its, all] = [whole, again, node, flops].map(seconds => total(seconds, NETWORK_STAGES));
  replaceTable(page, 'job', [
    `On ${threads} processor cores without a GPU: the demo study, FLAIR from T1, T1ce and T2. Seconds of one`,
    'run; on another machine only the ratios carry over. Networks start while the series are read; `download`',
    'contains the description of the inputs for the preflight. The next job of the same tab and study finds the',
    'series read and registered, the brain found and the networks started.',
    '',
    '| stage | Chromium, WebAssembly | the next job | command line, node | ratio | GFLOP | GFLOP/s, WebAssembly | GFLOP/s, node |',
    '|---|---|---|---|---|---|---|---|',
    ...STAGES.map(stage => row(stage, whole[stage], again[stage], node[stage], flops[stage])),
    row('networks alone', ours, next, its, all),
    row('**all**', total(whole), total(again), total(node)),
    '',
    '| peak of one core, GFLOP/s | |',
    '|---|---|',
    `| onnxruntime-node, product of two matrices of 1024 x 1024 | ${giga(peaks.node)} |`,
    `| WebAssembly, product and sum apart | ${giga(peaks.wasm)} |`,
    `| WebAssembly, fused (relaxed SIMD) | ${giga(peaks.fused)} |`,
    '',
    'WebAssembly has vectors of four numbers and no more: on this processor its peak is that of node divided by',
    `${ratio(peaks.node, Math.max(peaks.wasm, peaks.fused))}, and a network that comes near both peaks takes as many times as long.`,
  ]);
  return { threads, peaks, flops, seconds: { wasm: whole, node, again } };
}

/** Starts of the viewer. @returns for docs/benchmark.json */
async function benchStart(browser: Browser, stock: string, extended: string) {
  const starts = await pairedStarts(browser, stock, extended);
  const differences = starts.map(pair => pair.with - pair.without).sort((a, b) => a - b);
  const figures = [
    median(starts.map(pair => pair.without)),
    median(starts.map(pair => pair.with)),
    median(differences),
    differences[1],
    differences[STARTS - 2],
  ].map(value => value.toFixed(2));
  replaceTable(page, 'start', [
    `To the first image, ${STARTS} pairs of starts by turns, each in an empty profile, s: median, and`,
    'for the difference its second smallest and second largest value, between which the true median lies',
    'with 98 % confidence.',
    '',
    '| stock OHIF | with the extension | difference |',
    '|---|---|---|',
    `| ${figures[0]} | ${figures[1]} | ${figures[2]} (${figures[3]} to ${figures[4]}) |`,
  ]);
  return starts;
}

/** Sizes of what is served. @returns for docs/benchmark.json */
function benchServed() {
  const script = readFileSync(path.join(root, 'extension/dist/index.mjs'));
  const megabytes = {
    extension: script.length / 1e6,
    compressed: gzipSync(script, { level: 9 }).length / 1e6,
    worker: statSync(path.join(served, 'worker.js')).size / 1e6,
    bundle: networkBytes('cdm-brain-mr') / 1e6,
    brain: networkBytes('brain-extraction') / 1e6,
    runtime: statSync(path.join(served, 'ort/ort-wasm-simd-threaded.jspi.fma.wasm')).size / 1e6,
  };
  replaceTable(page, 'served', [
    '| served, MB | |',
    '|---|---|',
    `| extension, loaded as the viewer starts | ${megabytes.extension.toFixed(2)} |`,
    `| the same, gzip | ${megabytes.compressed.toFixed(2)} |`,
    `| worker, loaded by the first job | ${megabytes.worker.toFixed(2)} |`,
    `| model bundle, for WebAssembly | ${megabytes.bundle.toFixed(1)} |`,
    `| brain extraction, for WebAssembly | ${megabytes.brain.toFixed(1)} |`,
    `| onnxruntime-web (JSPI build) | ${megabytes.runtime.toFixed(1)} |`,
  ]);
  return megabytes;
}

async function main(): Promise<void> {
  const browser = await chromium.launch(launchOptions);
  const viewer = await startViewer({ studies: [study] });
  const bare = await startViewer({ studies: [study], plugins: [] });
  const query = `StudyInstanceUIDs=${viewer.studies[0].uid}`;
  const megabytes = benchServed();
  const job = await benchJob(browser, `${viewer.url}/synthesis?${query}&synthesisProvider=wasm`);
  const starts = await benchStart(browser, `${bare.url}/viewer?${query}`, `${viewer.url}/viewer?${query}`);
  await viewer.close();
  await bare.close();
  await browser.close();
  const result = { ...job, starts, megabytes };
  writeFileSync(path.join(root, 'docs/benchmark.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(readFileSync(page, 'utf8'));
}

await main();
