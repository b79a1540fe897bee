/**
 * `npm run bench`: times each stage of a job on the demo study in Chromium (WebAssembly) and on the command
 * line, and the viewer's start with and without the extension; sizes of the served files. Writes
 * docs/benchmark.md and .json. Compare the ratios of one run: machines differ.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CommonManifest } from '@modality-synthesis/engine';
import { startViewer } from '@modality-synthesis/viewer';
import { chromium, type Page } from '@playwright/test';
import { launchOptions } from '../playwright.config';
import { type Seconds, STAGES, stageSeconds } from './stageSeconds';

const root = path.resolve(import.meta.dirname, '..');
const study = path.join(root, 'viewer/demo-study/dicom');
async function startUp(page: Page, url: string): Promise<number> {
  const began = performance.now();
  await page.goto(url);
  await page.locator('.cornerstone-viewport-element canvas').first().waitFor();
  return (performance.now() - began) / 1000;
}

function commandLineSeconds(): Seconds {
  const out = mkdtempSync(path.join(os.tmpdir(), 'modality-synthesis-bench-'));
  try {
    const args = [
      'run',
      '--silent',
      'synthesize',
      '--',
      '--study',
      study,
      '--target',
      'flair',
      '--out',
      out,
      '--json',
    ];
    return JSON.parse(
      execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    ).seconds;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Size of a bundle's networks in single precision. */
function networkBytes(bundle: string): number {
  const { files }: CommonManifest = JSON.parse(readFileSync(path.join(bundle, 'bundle.json'), 'utf8'));
  const used = [files.fp32, files.weights ?? {}].flatMap(networks => Object.values(networks));
  return used.reduce((sum, { bytes }) => sum + bytes, 0);
}

async function main(): Promise<void> {
  const browser = await chromium.launch(launchOptions);
  const withPage = async <T>(task: (page: Page) => Promise<T>): Promise<T> => {
    const context = await browser.newContext({ viewport: { width: 1500, height: 900 } });
    try {
      return await task(await context.newPage());
    } finally {
      await context.close();
    }
  };
  const viewer = await startViewer({ studies: [study] });
  const bare = await startViewer({ studies: [study], plugins: [] });
  const query = `StudyInstanceUIDs=${viewer.studies[0].uid}`;
  await withPage(page => startUp(page, `${bare.url}/viewer?${query}`));
  const without = await withPage(page => startUp(page, `${bare.url}/viewer?${query}`));
  const within = await withPage(page => startUp(page, `${viewer.url}/viewer?${query}`));
  const { whole: wasm } = await withPage(page =>
    stageSeconds(page, `${viewer.url}/synthesis?${query}&synthesisProvider=wasm`),
  );
  await viewer.close();
  await bare.close();
  await browser.close();
  const node = commandLineSeconds();
  const served = path.join(root, 'extension/public/ohif-extension-modality-synthesis');
  const megabytes = {
    extension: statSync(path.join(root, 'extension/dist/index.mjs')).size / 1e6,
    bundle: networkBytes(path.join(served, 'bundles/cdm-brain-mr')) / 1e6,
    brain: networkBytes(path.join(served, 'bundles/brain-extraction')) / 1e6,
    runtime: statSync(path.join(served, 'ort/ort-wasm-simd-threaded.jspi.wasm')).size / 1e6,
  };
  const total = (seconds: Seconds) => STAGES.reduce((sum, stage) => sum + seconds[stage], 0);
  const result = {
    threads: os.availableParallelism(),
    seconds: { wasm, node, total: { wasm: total(wasm), node: total(node) } },
    startUp: { without, with: within },
    megabytes,
  };
  const row = (name: string, a: number, b: number) =>
    `| ${name} | ${a.toFixed(1)} | ${b.toFixed(1)} | ${b >= 0.05 ? (a / b).toFixed(1) : '–'} |`;
  const page = [
    '# Benchmark',
    '',
    `\`npm run bench\` on ${os.availableParallelism()} processor cores without a GPU: the demo study, FLAIR from T1, T1ce and T2,`,
    '60 slices. Seconds of one run; on another machine only the ratios carry over.',
    '',
    '| stage | Chromium, WebAssembly | command line, node | ratio |',
    '|---|---|---|---|',
    ...STAGES.map(stage => row(stage, wasm[stage], node[stage])),
    row('**all**', total(wasm), total(node)),
    '',
    '| viewer start-up, s | stock OHIF | with the extension | ratio |',
    '|---|---|---|---|',
    `| to the first image | ${without.toFixed(1)} | ${within.toFixed(1)} | ${(within / without).toFixed(2)} |`,
    '',
    '| served, MB | |',
    '|---|---|',
    `| extension | ${megabytes.extension.toFixed(2)} |`,
    `| model bundle, fp32 | ${megabytes.bundle.toFixed(1)} |`,
    `| brain extraction, fp32 | ${megabytes.brain.toFixed(1)} |`,
    `| onnxruntime-web (JSPI build) | ${megabytes.runtime.toFixed(1)} |`,
    '',
  ].join('\n');
  writeFileSync(path.join(root, 'docs/benchmark.md'), page);
  writeFileSync(path.join(root, 'docs/benchmark.json'), `${JSON.stringify(result, null, 2)}\n`);
  console.log(page);
}

await main();
