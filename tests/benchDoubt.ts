/**
 * `npm run bench:doubt`: what telling doubt costs. The features of the inputs and the expected error beside
 * the other steps of the demo study's job, on the command line's executor and in Chromium (WebAssembly); the
 * extension's script; and how soon the demo's first picture is a brain. Writes the table of docs/doubt.md.
 * Compare the ratios of one run: machines differ.
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { makeErrorMap, type RoleId, type Volume } from '@modality-synthesis/engine';
import { startViewer } from '@modality-synthesis/viewer';
import { chromium, type Page } from '@playwright/test';
import { Networks } from '../engine/src/backends/Networks';
import { nodeBackends } from '../engine/src/backends/node';
import { describeStack } from '../engine/src/distribution/describeStack';
import { completeOptions, type Models, openModels } from '../engine/src/models';
import { bundleFolder, folderReader } from '../engine/src/node/bundleFolder';
import { LocalExecutor } from '../engine/src/pipeline/LocalExecutor';
import { prepare } from '../engine/src/pipeline/prepare';
import { launchOptions } from '../playwright.config';
import { median } from './median';
import { replaceTable } from './replaceTable';
import { stageSeconds } from './stageSeconds';
import { volumesOf } from './studySources';
import { withPage } from './withPage';

const ROOT = path.resolve(import.meta.dirname, '..');
const STUDY = path.join(ROOT, 'viewer/demo-study/dicom');
const TARGET: RoleId = 'flair';
const TIMES = 5;

/** Seconds since `began`, of performance.now(). */
const since = (began: number) => (performance.now() - began) / 1000;

/** Seconds of a job from its volumes to its images, and of what it has besides. */
interface JobCost {
  job: number;
  /** Of the inputs, part of the job. */
  features: number;
  /** What is kept of the expected error with every job. */
  kept: number;
  /** The map of it, when it is asked for. */
  map: number;
}

/** One job whose networks are started. */
async function jobCost(
  volumes: ReadonlyMap<RoleId, Volume>,
  models: Models,
  executor: LocalExecutor,
): Promise<JobCost> {
  const { region, synthesis } = models;
  const [[reference, grid]] = volumes;
  const placement = { backend: 'cpu', precision: 'fp32' } as const;
  const sources = structuredClone(volumes);
  const { domain } = synthesis.manifest;
  const began = performance.now();
  const open = await executor.open({ sources, reference, domain });
  await open.align({}, {});
  const { found } = await open.findRegion({ bundle: region, ...placement }, {});
  await open.describe({ bundle: synthesis }, {});
  const input = {
    bundle: synthesis,
    targets: [{ id: TARGET }],
    options: completeOptions(synthesis),
    seed: 1,
  };
  await open.synthesize({ ...input, ...placement }, {});
  const job = since(began);
  const imagesMade = performance.now();
  const errors = (await open.errors({}, {})).get(TARGET);
  const kept = since(imagesMade);
  open.close();
  if (!errors) throw new Error('The job kept no expected error.');
  const asked = performance.now();
  await makeErrorMap(errors, grid);
  const map = since(asked);
  const prepared = await prepare(volumes, reference, found, synthesis.manifest);
  const described = performance.now();
  describeStack(prepared.sources, prepared.region, found);
  return { job, features: since(described), kept, map };
}

/** The median of each over several jobs in this process. */
async function onCommandLine(): Promise<JobCost> {
  const folders = {
    bundle: bundleFolder('bundle', undefined),
    regionBundle: bundleFolder('brain-bundle', undefined),
  };
  const models = await openModels(folders, folderReader);
  const executor = new LocalExecutor(new Networks(nodeBackends(), { reader: folderReader }));
  const volumes = await volumesOf(STUDY);
  await jobCost(volumes, models, executor);
  const costs: JobCost[] = [];
  while (costs.length < TIMES) costs.push(await jobCost(volumes, models, executor));
  await executor.release();
  return {
    job: median(costs.map(cost => cost.job)),
    features: median(costs.map(cost => cost.features)),
    kept: median(costs.map(cost => cost.kept)),
    map: median(costs.map(cost => cost.map)),
  };
}

/** Seconds of a job in the viewer, and from the press on "overlay" until the map lies over the image. */
async function inViewer(page: Page, url: string): Promise<{ job: number; shown: number }> {
  const { whole } = await stageSeconds(page, url);
  const overlay = page.locator('[data-cy="error-map-overlay"]').first();
  await overlay.waitFor({ state: 'attached' });
  const shown = await overlay.evaluate(
    async (input: HTMLInputElement) => {
      const began = performance.now();
      input.click();
      while (!document.querySelector('canvas[data-cy="error-map"][width]'))
        await new Promise(requestAnimationFrame);
      return (performance.now() - began) / 1000;
    },
    undefined,
    { timeout: 60_000 },
  );
  return { job: Object.values(whole).reduce((sum, seconds) => sum + seconds, 0), shown };
}

/** Seconds after opening. */
interface Picture {
  viewport: number;
  brain: number;
}

/**
 * Seconds from opening an address until a viewport is there, and until its picture is a brain: a fifth of the
 * image's square is brighter than a quarter of white. The study's first slice, which OHIF shows by itself, is
 * none.
 */
async function firstPicture(page: Page, url: string, awaited: keyof Picture): Promise<Picture> {
  await page.addInitScript(() => {
    const seconds: { viewport?: number; brain?: number } = {};
    Object.assign(window, { firstPicture: seconds });
    const small = new OffscreenCanvas(64, 64).getContext('2d', { willReadFrequently: true });
    // No function has a name here: tsx would call a helper that the page lacks.
    const looks = setInterval(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.cornerstone-viewport-element canvas');
      if (canvas?.width && canvas.height && small) {
        seconds.viewport ??= performance.now() / 1000;
        const side = Math.min(canvas.width, canvas.height);
        const [left, top] = [(canvas.width - side) / 2, (canvas.height - side) / 2];
        small.drawImage(canvas, left, top, side, side, 0, 0, 64, 64);
        const { data } = small.getImageData(0, 0, 64, 64);
        let bright = 0;
        for (let at = 0; at < data.length; at += 4) if (data[at] > 64 && data[at + 3] > 0) bright++;
        small.clearRect(0, 0, 64, 64);
        if (bright > (64 * 64) / 5) {
          seconds.brain = performance.now() / 1000;
          clearInterval(looks);
        }
      }
    }, 20);
  });
  await page.goto(url);
  type Looked = { firstPicture: Picture };
  await page.waitForFunction(name => (window as unknown as Looked).firstPicture[name], awaited, {
    timeout: 60_000,
  });
  return page.evaluate(() => (window as unknown as Looked).firstPicture);
}

/** Sizes of a script, kB. */
function kilobytes(file: string): string {
  const bytes = readFileSync(path.join(ROOT, file));
  return `${(bytes.length / 1000).toFixed(0)} kB, gzip ${(gzipSync(bytes, { level: 9 }).length / 1000).toFixed(0)} kB`;
}

const node = await onCommandLine();
const browser = await chromium.launch(launchOptions);
const viewer = await startViewer({ studies: [STUDY] });
const bare = await startViewer({ studies: [STUDY], plugins: [] });
const query = `StudyInstanceUIDs=${viewer.studies[0].uid}`;
// The first page of all also fills the server's caches.
await withPage(browser, page => firstPicture(page, `${bare.url}/viewer?${query}`, 'viewport'));
const stock = await withPage(browser, page => firstPicture(page, `${bare.url}/viewer?${query}`, 'viewport'));
const ours = await withPage(browser, async page => {
  const seconds = await firstPicture(page, `${viewer.url}/synthesis?${query}`, 'brain');
  if (process.env.PICTURE) await page.screenshot({ path: process.env.PICTURE });
  return seconds;
});
const web = await withPage(browser, page =>
  inViewer(page, `${viewer.url}/synthesis?${query}&synthesisProvider=wasm`),
);
await viewer.close();
await bare.close();
await browser.close();

const share = (seconds: number, of: number) => `${((100 * seconds) / of).toFixed(1)} % of the job`;
const { viewport: empty, brain } = ours;
const lines = [
  `\`npm run bench:doubt\` on ${os.availableParallelism()} processor cores without a GPU, load average ${os.loadavg()[1].toFixed(0)}; elsewhere only the shares carry over.`,
  '',
  '| what | cost |',
  '|---|---|',
  `| features of the inputs, in every job, command line | ${share(node.features, node.job)} |`,
  `| what is kept of the expected error, in every job, command line | ${share(node.kept, node.job)} |`,
  `| the map of it, when first asked for, command line | ${share(node.map, node.job)} |`,
  `| from the press until the map lies over the image, viewer | ${share(web.shown, web.job)} |`,
  `| script of the extension, with its worker | ${kilobytes('extension/dist/index.umd.js')} |`,
  `| the demo's picture is a brain | ${brain.toFixed(1)} s after opening, ${(brain - empty).toFixed(1)} s after the viewport is there |`,
  `| the viewport is there without the extension | ${stock.viewport.toFixed(1)} s after opening |`,
];
console.log(JSON.stringify({ node, web, ours, stock }), `\n${lines.join('\n')}`);
replaceTable(path.join(ROOT, 'docs/doubt.md'), 'cost', lines);
