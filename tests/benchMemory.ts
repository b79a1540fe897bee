/**
 * `npm run bench:memory`: the largest memory of a job in the viewer (WebAssembly) above the open study, in
 * all processes of Chromium (page, workers, GPU), beside what the preflight told before. Writes
 * docs/benchmark-memory.md and .json. Names of cases as arguments measure these alone.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Point3, RoleId } from '@modality-synthesis/engine';
import { startViewer } from '@modality-synthesis/viewer';
import { chromium } from '@playwright/test';
import { launchOptions, viewport } from '../playwright.config';
import { SynthesisPage } from './e2e/support/SynthesisPage';
import { fineVolumes, writeFineStudy } from './fineStudy';
import { ProcessMemory } from './ProcessMemory';
import { STAGES, stageSeconds } from './stageSeconds';

const ROOT = path.resolve(import.meta.dirname, '..');
const RESULTS = path.join(ROOT, 'docs/benchmark-memory.json');
/** How long a result rests, and an open study until its memory is steady, ms. */
const REST = 5000;
/** What memory may still move by where it is steady, bytes. */
const STEADY = 10e6;
const MOST = 1.5e9;

interface Case {
  dims: Point3;
  sources: RoleId[];
  targets: RoleId[];
}
const CASES: Readonly<Record<string, Case>> = {
  'three sources of 256 x 256 x 176': {
    dims: [256, 256, 176],
    sources: ['t1', 't1ce', 't2'],
    targets: ['flair'],
  },
  'one source of 256 x 256 x 176, two targets': {
    dims: [256, 256, 176],
    sources: ['t1'],
    targets: ['t2', 'flair'],
  },
};

/** Bytes. */
export interface MemoryResult extends Case {
  /** All processes with the open study. */
  open: number;
  /** The most above that. */
  above: number;
  /** What the preflight told before the job. */
  told: number;
  /** The most above the open study in each stage, and after the last. */
  stages: Record<string, number>;
}

async function measure({ dims, sources, targets }: Case): Promise<MemoryResult> {
  const study = mkdtempSync(path.join(os.tmpdir(), 'bench-memory-'));
  const volumes = await fineVolumes(dims);
  await writeFineStudy(study, new Map([...volumes].filter(([role]) => sources.includes(role))));
  const viewer = await startViewer({ studies: [study] });
  const browser = await chromium.launch(launchOptions);
  const memory = new ProcessMemory(browser);
  try {
    const page = await browser.newPage({ viewport });
    const app = new SynthesisPage(page, viewer);
    const url = `${viewer.url}/synthesis?StudyInstanceUIDs=${viewer.studies[0].uid}&synthesisProvider=wasm`;
    let [open, told, began] = [0, 0, 0];
    const { whole } = await stageSeconds(page, url, async () => {
      await app.unfold(app.choices);
      for (const target of await page.locator('input[data-cy^="synthesis-target-"]').all()) {
        const role = (await target.getAttribute('data-cy'))?.replace('synthesis-target-', '') as RoleId;
        await target.setChecked(targets.includes(role));
      }
      for (const box of await page.locator('[data-cy^="synthesis-accept-"]').all()) await box.check();
      await app.unfold(app.passed);
      told = gigabytes(await app.check('cost').innerText());
      // The viewer loads images ahead.
      do await new Promise(resolve => setTimeout(resolve, REST));
      while (memory.peak(performance.now() - REST) - memory.least(performance.now() - REST) > STEADY);
      open = memory.now;
      began = performance.now();
    });
    await new Promise(resolve => setTimeout(resolve, REST));
    const stages: Record<string, number> = {};
    let from = began;
    for (const stage of STAGES) {
      const to = from + 1000 * whole[stage];
      stages[stage] = Math.max(0, memory.peak(from, to) - open);
      from = to;
    }
    return {
      ...{ dims, sources, targets, open, told },
      above: memory.peak(began) - open,
      stages: { ...stages, shown: memory.peak(from) - open },
    };
  } finally {
    await memory.stop();
    await browser.close();
    await viewer.close();
    rmSync(study, { recursive: true, force: true });
  }
}

/** Of "about 1.2 GB of memory". */
function gigabytes(text: string): number {
  const [, said] = /([\d.]+) GB of memory/.exec(text) ?? [];
  if (!said) throw new Error(`The preflight tells no memory: ${text}`);
  return Number(said) * 1e9;
}

function page(results: Readonly<Record<string, MemoryResult>>): string {
  const cell = (bytes: number) => (bytes / 1e9).toFixed(2);
  const measured = Object.entries(results);
  const stages = [...new Set(measured.flatMap(([, result]) => Object.keys(result.stages)))];
  return [
    '# Memory',
    '',
    `\`npm run bench:memory\` on ${os.availableParallelism()} processor cores without a GPU: the proportional set size of all processes of Chromium (page,`,
    "workers, GPU process, browser), summed, ten times a second. Told: what the preflight said before the press. Phantoms of the demo's",
    `head, 1 mm. Asked: at most ${MOST / 1e9} GB above the open study for three sources of 256 x 256 x 176, told within 20 %.`,
    '',
    '| GB | open study | most above it | told | told / most |',
    '|---|---|---|---|---|',
    ...measured.map(
      ([name, { open, above, told }]) =>
        `| ${name} | ${cell(open)} | ${cell(above)} | ${(told / 1e9).toFixed(1)} | ${(told / above).toFixed(2)} |`,
    ),
    '',
    `| most above the open study, GB |${measured.map(([name]) => ` ${name} |`).join('')}`,
    `|---|${'---|'.repeat(measured.length)}`,
    ...stages.map(
      stage => `| ${stage} |${measured.map(([, result]) => ` ${cell(result.stages[stage])} |`).join('')}`,
    ),
    '',
    'On a GPU the networks take memory of the card, which is not measured here.',
    '',
  ].join('\n');
}

const wanted = process.argv.slice(2);
const results: Record<string, MemoryResult> =
  wanted.length && existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
for (const [name, one] of Object.entries(CASES)) {
  if (wanted.length && !wanted.includes(name)) continue;
  results[name] = await measure(one);
  console.log(name, JSON.stringify(results[name]));
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(path.join(ROOT, 'docs/benchmark-memory.md'), page(results));
}
