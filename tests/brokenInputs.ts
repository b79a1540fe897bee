/**
 * `npm run broken-inputs`: which check of the preflight catches which kind of broken inputs, and how often it
 * warns of sound ones. Writes the tables of docs/doubt.md. Needs the real studies (REAL_STUDIES) besides the
 * demo study.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Level, PreflightReport, RoleId, Volume } from '@modality-synthesis/engine';
import { BREAKAGES, type Breakage, type Inputs } from '@modality-synthesis/engine/testing/brokenInputs';
import { preflightOf } from '@modality-synthesis/engine/testing/preflightOf';
import { REAL_STUDIES } from '@modality-synthesis/engine/testing/tools';
import { Networks } from '../engine/src/backends/Networks';
import { nodeBackends } from '../engine/src/backends/node';
import { english } from '../engine/src/messages/english';
import { identityOf, type Param } from '../engine/src/messages/Message';
import { openModels } from '../engine/src/models';
import { bundleFolder, folderReader } from '../engine/src/node/bundleFolder';
import { LocalExecutor } from '../engine/src/pipeline/LocalExecutor';
import { LEVELS } from '../engine/src/preflight/report';
import { replaceTable } from './replaceTable';
import { volumesOf } from './studySources';

/** Made in every job, from the other three; in the study, it serves the breakages alone. */
const TARGET: RoleId = 't1ce';
const ROOT = path.resolve(import.meta.dirname, '..');
const DOC = path.join(ROOT, 'docs/doubt.md');

interface Study extends Inputs {
  name: string;
  sound: PreflightReport;
}

const folders = {
  bundle: bundleFolder('bundle', undefined),
  regionBundle: bundleFolder('brain-bundle', undefined),
};
const models = await openModels(folders, folderReader);
const executor = new LocalExecutor(new Networks(nodeBackends(), { reader: folderReader }));

const inspect = (volumes: ReadonlyMap<RoleId, Volume>) =>
  preflightOf(new Map([...volumes].filter(([role]) => role !== TARGET)), TARGET, models, executor);

async function studyOf(name: string, volumes: ReadonlyMap<RoleId, Volume>): Promise<Study> {
  const { report, pixels } = await inspect(volumes);
  const { region } = pixels;
  if (!region) throw new Error(`No brain was found in ${name}.`);
  return { name, volumes, region, sound: report };
}

/** What a finding says is unusual in which input. */
function unusual(param: Param): string[] {
  if (typeof param !== 'object' || 'number' in param) return [];
  if ('items' in param) return param.items.flatMap(unusual);
  if (param.code.startsWith('preflight/unusual-')) return [identityOf(param)];
  return Object.values(param.params).flatMap(unusual);
}

/** Checks that are worse than with the sound inputs or name another fault, with what they say. */
function caughtBy(now: PreflightReport, { sound }: Study): { id: string; level: Level; text: string }[] {
  return now.checks.flatMap(({ id, level, text }) => {
    const before = sound.checks.find(check => check.id === id);
    const worse = LEVELS.indexOf(level) > LEVELS.indexOf(before?.level ?? 'green');
    const known = before ? unusual(before.text) : [];
    const more = unusual(text).some(fault => !known.includes(fault));
    return worse || more ? [{ id, level, text: english(text) }] : [];
  });
}

/** For a breakage, by study: the checks that catch it; null where the study lacks what it needs. */
async function caught({ name, broken }: Breakage, studies: readonly Study[]): Promise<(string[] | null)[]> {
  const all: (string[] | null)[] = [];
  for (const [n, study] of studies.entries()) {
    const volumes = broken(study, studies[(n + 1) % studies.length]);
    if (!volumes) {
      all.push(null);
      continue;
    }
    const found = caughtBy((await inspect(volumes)).report, study);
    for (const { id, level, text } of found) console.log(`${name} | ${study.name} | ${level} ${id}: ${text}`);
    if (found.length === 0) console.log(`${name} | ${study.name} | passes`);
    all.push(found.map(({ id }) => id));
  }
  return all;
}

const label = (id: string) => ({ fit: 'fit to the model', head: 'brain volume' })[id] ?? id;

function row(name: string, by: readonly (string[] | null)[]): string {
  const tried = by.flatMap(checks => (checks ? [checks] : []));
  const ids = [...new Set(tried.flat())].map(
    id => `${label(id)} ${tried.filter(c => c.includes(id)).length}`,
  );
  const passed = tried.filter(checks => checks.length === 0).length;
  return `| ${name} | ${tried.length - passed} of ${tried.length} | ${ids.join(', ') || 'none'} |`;
}

const demo = await volumesOf(path.join(ROOT, 'viewer/demo-study/dicom'));
for (const [role, volume] of await volumesOf(path.join(ROOT, 'tests/fixtures/demo-flair'))) {
  demo.set(role, volume);
}
const studies = [await studyOf('demo study', demo)];
if (!existsSync(REAL_STUDIES)) console.log(`Without real studies: there are none in ${REAL_STUDIES}.`);
else {
  for (const folder of readdirSync(REAL_STUDIES, { withFileTypes: true }).filter(f => f.isDirectory())) {
    studies.push(await studyOf(folder.name, await volumesOf(path.join(REAL_STUDIES, folder.name))));
  }
}
for (const { name, sound } of studies) {
  const said = sound.checks.filter(check => check.level !== 'green').map(check => english(check.text));
  console.log(`sound | ${name} | ${said.join(' ') || 'green'}`);
}

const named = process.argv.slice(2);
const rows: string[] = [];
let [always, sometimes] = [0, 0];
for (const breakage of BREAKAGES.filter(({ name }) => named.length === 0 || named.includes(name))) {
  const by = await caught(breakage, studies);
  rows.push(row(breakage.name, by));
  if (by.every(checks => checks === null || checks.length > 0)) always++;
  else if (by.some(checks => checks && checks.length > 0)) sometimes++;
}
await executor.release();
const outcome = `${always} of ${rows.length} kinds are caught in every study, ${sometimes} in some.`;
const lines = ['| broken inputs | caught | by |', '|---|---|---|', ...rows, '', outcome];
console.log(lines.join('\n'));
if (named.length === 0) replaceTable(DOC, 'broken inputs', lines);
