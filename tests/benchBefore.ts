/**
 * `npm run bench:before -- FOLDER`: jobs in Chromium by turns with another version, whose checkout with its
 * build FOLDER is. Writes a section of docs/benchmark.md.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { startViewer } from '@modality-synthesis/viewer';
import { chromium } from '@playwright/test';
import { launchOptions } from '../playwright.config';
import { replaceTable } from './replaceTable';
import { jobSeconds } from './stageSeconds';

const root = path.resolve(import.meta.dirname, '..');
const study = path.join(root, 'viewer/demo-study/dicom');
const ROUNDS = 2;

/** Seconds of one job, from the click to the result, in a browser without anything of before. */
async function jobOf(folder: string): Promise<number> {
  const other = await import(pathToFileURL(path.join(folder, 'viewer/src/server.ts')).href);
  const viewer: Awaited<ReturnType<typeof startViewer>> = await other.startViewer({ studies: [study] });
  const browser = await chromium.launch(launchOptions);
  try {
    const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
    const query = `StudyInstanceUIDs=${viewer.studies[0].uid}&synthesisProvider=wasm`;
    return await jobSeconds(page, `${viewer.url}/synthesis?${query}`);
  } finally {
    await browser.close();
    await viewer.close();
  }
}

async function main(before: string): Promise<void> {
  const seconds = { before: [] as number[], after: [] as number[] };
  for (let n = 0; n < ROUNDS; n++) {
    seconds.before.push(await jobOf(before));
    seconds.after.push(await jobOf(root));
    console.log(seconds);
  }
  const version = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: before, encoding: 'utf8' });
  const list = (values: readonly number[]) => values.map(value => value.toFixed(1)).join(', ');
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  replaceTable(path.join(root, 'docs/benchmark.md'), 'before and after', [
    `The job of the first section in Chromium, by turns with commit ${version.trim()}, s from the click to the result:`,
    '',
    '| before | after | share |',
    '|---|---|---|',
    `| ${list(seconds.before)} | ${list(seconds.after)} | ${Math.round((100 * sum(seconds.after)) / sum(seconds.before))} % |`,
  ]);
}

await main(path.resolve(process.argv[2]));
