/**
 * `npm run bench:server`: the same job in the browser and on a server, from the press to the displayed
 * picture: same machine, weights, study and PACS (an Orthanc on loopback). Writes docs/benchmark-server.md
 * and .json. Compare the ratios of one run: machines differ. `cold` and `warm` as arguments measure one more
 * pair of jobs each, beside those that were.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { filesUnder } from '@modality-synthesis/engine/dicom/node';
import { startViewer } from '@modality-synthesis/viewer';
import { findOrthanc, startOrthanc } from '@modality-synthesis/viewer/orthanc';
import { type Browser, chromium, type Page } from '@playwright/test';
import { launchOptions, viewport } from '../../playwright.config';
import type { HostWindow } from '../e2e/support/SynthesisPage';
import { median } from '../median';
import type { ServerAnswer, ServerJob } from './synthesisServer';

const ROOT = path.resolve(import.meta.dirname, '../..');
const RESULTS = path.join(ROOT, 'docs/benchmark-server.json');
const STUDY = path.join(ROOT, 'viewer/demo-study/dicom');
/** Pairs of jobs, cold and warm. */
const TIMES = 3;
/** Of a hospital's network, bytes a second. */
const LINK = 100e6 / 8;
const TIMEOUT = 300_000;

/** Seconds from the press, and bytes that cross the hospital's network. */
interface Run {
  seconds: number;
  bytes: number;
}

/** A job of the server. */
interface ServerRun extends Run {
  answer: ServerAnswer;
  /** Of the seconds: to open the study anew and draw the series. */
  show: number;
}

/** Seconds since `began`, of performance.now(). */
const since = (began: number) => (performance.now() - began) / 1000;

/** Waits until the first viewport has drawn an image of a synthetic series, or of any. */
async function drawn(page: Page, beginning: string): Promise<void> {
  await page.waitForFunction(
    wanted =>
      (window as unknown as Partial<HostWindow>).cornerstone?.getEnabledElements().some(({ viewport }) => {
        const { cornerstone } = window as unknown as HostWindow;
        const imageId = viewport.getImageIds()[viewport.getCurrentImageIdIndex()];
        const { SeriesDescription } = cornerstone.metaData.get('instance', imageId) ?? {};
        const { viewportStatus } = viewport as unknown as { viewportStatus: string };
        return viewportStatus === 'rendered' && String(SeriesDescription).startsWith(wanted);
      }),
    beginning,
    { polling: 'raf', timeout: TIMEOUT },
  );
}

/** Counts what a page receives from now on, as its bodies are encoded. */
function countBytes(page: Page): () => Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', request => {
    if (request.url().startsWith('http'))
      sizes.push(
        request.sizes().then(
          ({ responseBodySize }) => responseBodySize,
          () => 0,
        ),
      );
  });
  return async () => {
    page.removeAllListeners('requestfinished');
    return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
  };
}

/** A page with the study open, of a browser context of its own: nothing is cached. */
async function withStudy<T>(browser: Browser, address: string, task: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport });
  try {
    const page = await context.newPage();
    await page.goto(address);
    await drawn(page, '');
    return await task(page);
  } finally {
    await context.close();
  }
}

/** The press on the button, to the picture. The result goes again, so that the page can make it anew. */
async function inBrowser(page: Page): Promise<Run> {
  const run = page.locator('[data-cy="synthesis-run"]:enabled');
  await run.waitFor({ timeout: TIMEOUT });
  const bytes = countBytes(page);
  const began = performance.now();
  await run.evaluate((button: HTMLElement) => button.click());
  await drawn(page, 'SYNTHETIC');
  const seconds = since(began);
  const received = await bytes();
  await page.locator('[data-cy="synthesis-reject"]').click();
  await page.locator('[data-cy="synthesis-result-flair"]').waitFor({ state: 'detached' });
  return { seconds, bytes: received };
}

/**
 * The request to the server, to the picture in the study, which is opened anew. The series is removed from
 * the PACS again.
 */
async function onServer(page: Page, server: string, job: ServerJob, orthanc: string): Promise<ServerRun> {
  const bytes = countBytes(page);
  const began = performance.now();
  const response = await fetch(server, { method: 'POST', body: JSON.stringify(job) });
  if (!response.ok) throw new Error(await response.text());
  const answer = (await response.json()) as ServerAnswer;
  const answered = performance.now();
  const address = new URL(page.url());
  address.searchParams.set('initialSeriesInstanceUID', answer.SeriesInstanceUID);
  await page.goto(address.href);
  await drawn(page, 'SYNTHETIC');
  const [seconds, show] = [since(began), since(answered)];
  const moved = answer.retrieved + answer.stored + (await bytes());
  const found = await fetch(`${orthanc}/tools/lookup`, { method: 'POST', body: answer.SeriesInstanceUID });
  const [{ ID }] = (await found.json()) as { ID: string }[];
  await fetch(`${orthanc}/series/${ID}`, { method: 'DELETE' });
  return { seconds, show, bytes: moved, answer };
}

/** A server that has loaded no network. */
async function startServer(): Promise<{ process: ChildProcess; url: string }> {
  const script = path.join(import.meta.dirname, 'synthesisServer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(child.stdout, 'data');
  return { process: child, url: `http://127.0.0.1:${Number(String(port))}` };
}

interface Runs {
  browser: Run[];
  server: ServerRun[];
}

type State = 'cold' | 'warm';
type Results = Record<State, Runs>;

/**
 * Adds pairs of jobs, one after the other, to those measured.
 * @param onPair called after each
 */
async function measure(wanted: readonly State[], results: Results, onPair: () => void): Promise<void> {
  const installation = findOrthanc();
  if (!installation) throw new Error('Orthanc with its DICOMweb plugin is not on this machine.');
  const orthanc = await startOrthanc(installation);
  const browser = await chromium.launch(launchOptions);
  const ours = await startViewer({ studies: [], pacs: orthanc.url });
  const stock = await startViewer({ studies: [], pacs: orthanc.url, plugins: [] });
  const servers: ChildProcess[] = [];
  try {
    await orthanc.load(await filesUnder(STUDY));
    const [{ MainDicomTags }] = await (await fetch(`${orthanc.url}/studies?expand`)).json();
    const study: string = MainDicomTags.StudyInstanceUID;
    const job: ServerJob = { root: `${orthanc.url}/dicom-web`, study, target: 'flair' };
    const address = `${ours.url}/synthesis?StudyInstanceUIDs=${study}&synthesisProvider=wasm`;
    const stockAddress = `${stock.url}/viewer?StudyInstanceUIDs=${study}`;
    // The first pages of all fill the caches of the operating system and of the PACS.
    await withStudy(browser, address, async () => {});
    await withStudy(browser, stockAddress, async () => {});
    for (const state of wanted) {
      const server = await startServer();
      servers.push(server.process);
      const inPage = async (page: Page) => {
        if (state === 'warm') await inBrowser(page);
        return inBrowser(page);
      };
      const there = async (page: Page) => {
        if (state === 'warm') {
          await onServer(page, server.url, job, orthanc.url);
          await page.goto(stockAddress);
          await drawn(page, '');
        }
        return onServer(page, server.url, job, orthanc.url);
      };
      results[state].browser.push(await withStudy(browser, address, inPage));
      results[state].server.push(await withStudy(browser, stockAddress, there));
      server.process.kill();
      onPair();
    }
  } finally {
    for (const server of servers) server.kill();
    await ours.close();
    await stock.close();
    await browser.close();
    await orthanc.close();
  }
}

/** One line for each of the ways, cold or warm; medians. */
function rows(state: string, { browser, server }: Runs): string[] {
  if (browser.length === 0) return [];
  const at = (runs: readonly Run[], linked: boolean) =>
    median(runs.map(({ seconds, bytes }) => seconds + (linked ? bytes / LINK : 0)));
  const ways: [string, Run[]][] = [
    ['server', server],
    ['browser', browser],
  ];
  return ways.map(([name, runs]) => {
    const megabytes = median(runs.map(run => run.bytes)) / 1e6;
    const [loopback, link] = [at(runs, false), at(runs, true)];
    const ratio = name === 'browser' ? '' : (at(browser, false) / loopback).toFixed(2);
    const linkRatio = name === 'browser' ? '' : (at(browser, true) / link).toFixed(2);
    return `| ${state} | ${name} | ${loopback.toFixed(1)} | ${ratio} | ${megabytes.toFixed(1)} | ${link.toFixed(1)} | ${linkRatio} |`;
  });
}

function page({ cold, warm }: Results): string {
  const parts = (runs: Runs) =>
    [
      ...(['retrieve', 'synthesize', 'store'] as const).map(key => runs.server.map(run => run.answer[key])),
      runs.server.map(run => run.show),
    ].map(seconds => ` ${median(seconds).toFixed(1)} |`);
  return [
    '# Beside a server',
    '',
    `\`npm run bench:server\` on ${os.availableParallelism()} processor cores without a GPU, load average ${os.loadavg()[1].toFixed(1)}: the demo study, FLAIR from`,
    `T1, T1ce and T2, seed 1, the same weights (fp32); medians of ${cold.browser.length} cold and ${warm.browser.length} warm jobs each way, alternating. The study lies in an Orthanc on this`,
    'machine. The server retrieves it (WADO-RS), synthesizes with the same engine on onnxruntime-node on every core, and stores the',
    'series (STOW-RS, one request); then a viewer without the extension shows it. Nothing waits on purpose, and the server makes no',
    'error map, which the browser does. Time runs from the press to the drawn picture. Cold: the server listens and has read no network,',
    'the browser has cached nothing; the study is open in both. Warm: a job ran before. Here the server has all cores to itself; one',
    'that several people use, or one with a GPU, is not measured.',
    '',
    '| | where | loopback, s | browser / this | moved, MB | 100 Mbit/s, s, computed | browser / this |',
    '|---|---|---|---|---|---|---|',
    ...rows('cold', cold),
    ...rows('warm', warm),
    '',
    'Loopback has no latency and no limit. The column for a link of 100 Mbit/s is computed, not measured: the seconds on loopback and the',
    'bytes that moved at that speed, one after the other; where server and PACS have a faster link of their own, the server needs less.',
    'Synthesis in the browser needs the result stored (Accept) before others see it; that is not in its figures.',
    '',
    '| the server, s | retrieve | synthesize | store | open the study and draw |',
    '|---|---|---|---|---|',
    ...(cold.server.length ? [`| cold |${parts(cold).join('')}`] : []),
    ...(warm.server.length ? [`| warm |${parts(warm).join('')}`] : []),
    '',
    'A viewer that is told of the new series, and loads it alone, would save part of the last column; OHIF is not.',
    '',
  ].join('\n');
}

const more = process.argv.slice(2).filter(word => word === 'cold' || word === 'warm');
const none: Results = { cold: { browser: [], server: [] }, warm: { browser: [], server: [] } };
const results: Results =
  more.length && existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : none;
const all = Array.from({ length: TIMES }, (): State[] => ['cold', 'warm']).flat();
await measure(more.length ? more : all, results, () => {
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(path.join(ROOT, 'docs/benchmark-server.md'), page(results));
});
console.log(page(results));
