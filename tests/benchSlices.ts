/**
 * `npm run bench:slices`: what a slice costs in jobs of 20 to 400 slices, with one and three sources, one and
 * three targets, on onnxruntime-node. Writes docs/benchmark-slices.md and .json and a chart. Compare the
 * ratios of one run: machines differ. Numbers of slices as arguments measure these alone.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  makeSeries,
  measureSources,
  type RoleId,
  type Step,
  stageName,
  writePart10,
} from '@modality-synthesis/engine';
import { type FileSeries, type FileStudy, readStudy, readVolume } from '@modality-synthesis/engine/node';
import { Networks } from '../engine/src/backends/Networks';
import { nodeBackends } from '../engine/src/backends/node';
import { completeOptions, completeTargets, domainOfModel, openModels } from '../engine/src/models';
import { bundleFolder, folderReader } from '../engine/src/node/bundleFolder';
import { planJob } from '../engine/src/node/planJob';
import { StageClock } from '../engine/src/node/StageClock';
import { LocalExecutor } from '../engine/src/pipeline/LocalExecutor';
import { squeezedVolumes, writeFineStudy } from './fineStudy';
import { lineChart } from './lineChart';
import { STAGES } from './stageSeconds';

const ROOT = path.resolve(import.meta.dirname, '..');
const RESULTS = path.join(ROOT, 'docs/benchmark-slices.json');
const SLICES = [20, 40, 80, 160, 400];

interface JobKind {
  name: string;
  sources: RoleId[];
  targets: RoleId[];
}
const ONE_TARGET: JobKind = { name: 'one source, one target', sources: ['t1'], targets: ['flair'] };
const THREE_TARGETS: JobKind = {
  name: 'one source, three targets',
  sources: ['t1'],
  targets: ['t1ce', 't2', 'flair'],
};
const THREE_SOURCES: JobKind = {
  name: 'three sources, one target',
  sources: ['t1', 't1ce', 't2'],
  targets: ['flair'],
};
const KINDS = [ONE_TARGET, THREE_SOURCES, THREE_TARGETS];

/** Stages whose work does not grow with the slices: the search for motion, and the start of networks. */
const FIXED = ['register', 'download', 'check'];

/** Seconds of one job, by stage; `other` is what comes before and after the stages that report. */
type Seconds = Record<string, number>;

const models = await openModels(
  { bundle: bundleFolder('bundle'), regionBundle: bundleFolder('brain-bundle') },
  folderReader,
);
const executor = new LocalExecutor(new Networks(nodeBackends(), { reader: folderReader }));
const ports = { study: { images: ({ files }: FileSeries) => files, readVolume }, executor };

/** From the files to the encoded images, with their errors, on networks that are started. */
async function secondsOf(study: FileStudy, { sources, targets }: JobKind): Promise<Seconds> {
  const { synthesis } = models;
  const job = {
    plan: planJob(study, domainOfModel(synthesis), { sources, targets }),
    models,
    targets: completeTargets(
      synthesis,
      targets.map(id => ({ id })),
    ),
    options: completeOptions(synthesis),
    seed: 1,
    placement: { backend: 'cpu', precision: 'fp32' } as const,
  };
  const clock = new StageClock();
  const onStep = (step: Step) => clock.lap(stageName(step));
  const measured = await measureSources(job, ports, { onStep });
  clock.lap('prepare');
  const { series } = await makeSeries(job, measured, ports.study, { onStep });
  clock.lap('other');
  await measured.open.errors({}, {});
  clock.lap('other');
  measured.open.close();
  for (const { datasets } of series) for (const dataset of datasets) writePart10(dataset);
  clock.lap('finish');
  return clock.seconds([...STAGES, 'other']);
}

/** By number of slices, then by the name of the kind of job. */
type Measured = Record<string, Record<string, Seconds>>;

async function measure(slices: number): Promise<Record<string, Seconds>> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-slices-'));
  try {
    await writeFineStudy(folder, await squeezedVolumes(slices));
    const study = await readStudy(folder);
    const measured: Record<string, Seconds> = {};
    for (const kind of KINDS) measured[kind.name] = await secondsOf(study, kind);
    return measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of all stages whose work grows with the slices. */
function growing(seconds: Seconds): number {
  return Object.entries(seconds).reduce((sum, [stage, s]) => sum + (FIXED.includes(stage) ? 0 : s), 0);
}

/** Least squares of seconds = fixed + slope * slices, each point weighed by its own size. */
function line(points: readonly (readonly [number, number])[]): { fixed: number; slope: number } {
  const weighed = points.map(([x, y]) => ({ w: 1 / (y * y), x, y }));
  const sum = (value: (p: (typeof weighed)[number]) => number) =>
    weighed.reduce((all, p) => all + p.w * value(p), 0);
  const [n, x, y, xx, xy] = [
    sum(() => 1),
    sum(p => p.x),
    sum(p => p.y),
    sum(p => p.x ** 2),
    sum(p => p.x * p.y),
  ];
  const slope = (n * xy - x * y) / (n * xx - x * x);
  return { fixed: (y - slope * x) / n, slope };
}

/** Slices and seconds of the jobs of one kind. */
function pointsOf(measured: Measured, { name }: JobKind, seconds = growing): [number, number][] {
  return Object.entries(measured).map(([slices, byKind]) => [Number(slices), seconds(byKind[name])]);
}

function page(measured: Measured): string {
  const perSlice = (points: readonly [number, number][]) =>
    points.map(([slices, seconds]) => ` ${((1000 * seconds) / slices).toFixed(0)} |`).join('');
  const rows = KINDS.map(kind => {
    const points = pointsOf(measured, kind);
    const { fixed, slope } = line(points);
    const off = Math.max(...points.map(([x, y]) => Math.abs(y / (fixed + slope * x) - 1)));
    const costs = points.map(([slices, seconds]) => seconds / slices);
    const spread = Math.max(...costs) / Math.min(...costs);
    return `| ${kind.name} |${perSlice(points)} ${spread.toFixed(2)} | ${fixed.toFixed(2)} | ${(1000 * slope).toFixed(0)} | ${(100 * off).toFixed(0)} % |`;
  });
  const images = KINDS.map(
    kind => `| ${kind.name} |${perSlice(pointsOf(measured, kind, seconds => seconds.images))}`,
  );
  const [one, three] = [ONE_TARGET, THREE_TARGETS].map(kind => pointsOf(measured, kind));
  const ratios = three.map(([, seconds], n) => (seconds / one[n][1]).toFixed(2));
  const head = one.map(([slices]) => ` ${slices} |`).join('');
  const dashes = '---|'.repeat(one.length);
  return [
    '# Cost per slice',
    '',
    `\`npm run bench:slices\` on ${os.availableParallelism()} processor cores without a GPU, load average ${os.loadavg()[1].toFixed(1)}: onnxruntime-node, one job each, from`,
    "the files to the encoded images and their expected errors, without the start of networks and the search for motion. The demo's head",
    'is squeezed or stretched to 20 to 400 slices of 1 mm (2 mm at 20: less of a brain is refused).',
    '',
    '![Milliseconds a slice over the number of slices](images/cost-per-slice.svg)',
    '',
    `| ms a slice; slices: |${head} most / least | fixed, s | each slice, ms | off the line |`,
    `|---|${dashes}---|---|---|---|`,
    ...rows,
    '',
    'The last columns fit a line, seconds = fixed + slices x each; the last says by how much a job is off it at most: a part that grew',
    'faster than the slices would show there. Asked: flat within 10 %.',
    '',
    `| ms a slice in the networks that make images |${head}`,
    `|---|${dashes}`,
    ...images,
    '',
    'These networks take eight slices at once: 20 slices cost as much as 24.',
    '',
    `| three targets beside one |${head}`,
    `|---|${dashes}`,
    `| ratio (asked: at most 2.2) | ${ratios.join(' | ')} |`,
    '',
  ].join('\n');
}

const wanted = process.argv.slice(2).map(Number);
const measured: Measured =
  wanted.length && existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
// The first jobs start the networks.
await measure(SLICES[0]);
for (const slices of wanted.length ? wanted : SLICES) {
  measured[slices] = await measure(slices);
  writeFileSync(RESULTS, `${JSON.stringify(measured, null, 2)}\n`);
}
await executor.release();
const lines = KINDS.map(kind => ({
  name: kind.name,
  points: pointsOf(measured, kind).map(([slices, seconds]) => [slices, (1000 * seconds) / slices] as const),
}));
const title = 'Cost per slice';
const chart = lineChart(
  title,
  { x: 'slices (logarithmic)', y: 'milliseconds a slice', scale: 'logarithmic' },
  lines,
);
writeFileSync(path.join(ROOT, 'docs/images/cost-per-slice.svg'), chart);
const text = page(measured);
console.log(text);
writeFileSync(path.join(ROOT, 'docs/benchmark-slices.md'), text);
